import type { Queryable } from '../../db/queryable.ts'
import { derivedIdSql } from '../derive-id.ts'
import { ImportRefused } from '../import-refused.ts'
import { shown } from './entry-name.ts'

/**
 * Once everything is staged, for entries come in any order: gives each file its result (that of its folder; else a stored
 * one of the run), files without one to the run, links the content that they point to, and each its id. Of two results with
 * one id, and two files of one place, the later one in the archive counts.
 *
 * @throws ImportRefused when a link points to nothing.
 */
export async function settleOwners(tx: Queryable, runId: string): Promise<void> {
  const run = async (text: string, values: unknown[] = []) => tx.query<{ entry: string }>({ text, values })
  await run('create index on staged_results (folder)')
  await run('create index on staged_artifacts (folder)')
  await run('analyze staged_results')
  await run('analyze staged_artifacts')
  await run('update staged_artifacts a set owner = s.id from staged_results s where s.folder = a.folder')
  await run(
    `update staged_artifacts a set owner = r.id from results r
     where a.owner is null and r.run_id = $1 and r.id::text = split_part(a.folder, '/', 2)`,
    [runId],
  )
  await run(
    `update staged_artifacts set path = split_part(folder, '/', 2) || '/' || path
     where owner is null and folder is not null`,
  )
  await run('delete from staged_results a using staged_results b where a.id = b.id and a.seq < b.seq')
  await run(
    `update staged_artifacts a set content = t.content from staged_artifacts t
     where a.link = t.entry and t.link is null`,
  )
  const { rows } = await run('select entry from staged_artifacts where content is null limit 1')
  if (rows[0]) throw new ImportRefused(`The link ${shown(rows[0].entry)} points to no file of the archive.`)
  await run(`update staged_artifacts set id = ${derivedIdSql('coalesce(owner::text, $1)', 'path')}`, [runId])
  await run('delete from staged_artifacts a using staged_artifacts b where a.id = b.id and a.seq < b.seq')
}
