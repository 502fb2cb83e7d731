import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { ProjectScope } from '../../access/caller.ts'
import type { Queryable } from '../../db/queryable.ts'
import { compileScope } from '../../filters/scope.ts'
import type { RawJson } from '../../json/raw-json.ts'

/** A row of `artifacts` without its content; JSON and moments are PostgreSQL's text. */
export interface ArtifactRow {
  id: string
  result_id: string | null
  run_id: string | null
  filename: string | null
  data: RawJson | null
  upload_date: string
}

/** An artifact with the project of its result or run; null when it has neither, or that has none. */
export interface PlacedArtifactRow extends ArtifactRow {
  project_id: string | null
}

const columns = 'id, result_id, run_id, filename, data, upload_date'

/** What `toArtifact` needs; the content is never among it. */
export const artifactColumns: Sql = raw(columns)

/** One artifact by its id. */
export async function findArtifact(db: Queryable, id: string): Promise<PlacedArtifactRow | undefined> {
  const { rows } = await db.query<PlacedArtifactRow>({
    name: 'find-artifact',
    byKey: true,
    text: `select a.id, a.result_id, a.run_id, a.filename, a.data, a.upload_date,
        coalesce(results.project_id, runs.project_id) as project_id
      from artifacts a
      left join results on results.id = a.result_id
      left join runs on runs.id = a.run_id
      where a.id = $1`,
    values: [id],
  })
  return rows[0]
}

/** An artifact's content: its size in bytes, and the first of them. */
export interface ContentHead {
  readonly size: number
  readonly head: Buffer
  /** PostgreSQL holds it compressed, and can read no part of it without all that is before. */
  readonly packed: boolean
}

/** The head of an artifact, up to `length` bytes; nothing where the column is NULL. Undefined: there is no such artifact. */
export async function findContentHead(db: Queryable, id: string, length: number): Promise<ContentHead | undefined> {
  const { rows } = await db.query<{ size: number | null; packed: boolean; head: Buffer | null }>({
    name: 'find-artifact-head',
    text: `select octet_length(content) as size, pg_column_size(content) < octet_length(content) as packed,
        substring(content for $2) as head
      from artifacts where id = $1`,
    values: [id, length],
  })
  const [row] = rows
  return row && { size: row.size ?? 0, head: row.head ?? Buffer.alloc(0), packed: row.packed }
}

/** Some of the bytes of an artifact; fewer at its end, undefined when it is gone. */
export async function findContentPiece(
  db: Queryable,
  id: string,
  { offset, length }: { offset: number; length: number },
): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ piece: Buffer }>({
    name: 'find-artifact-piece',
    text: 'select substring(content from $2 for $3) as piece from artifacts where id = $1',
    values: [id, offset + 1, length],
  })
  return rows[0]?.piece
}

/**
 * Stores an artifact whose result or run lies within the scope. False when it was not stored: the result or run is unknown or
 * elsewhere, or the id is taken (a second try after a lost connection).
 */
export async function insertArtifact(
  db: Queryable,
  row: ArtifactRow,
  content: Buffer,
  scope: ProjectScope,
): Promise<boolean> {
  const { id, result_id, run_id, filename, data, upload_date } = row
  const { rows } = await db.query({
    name: 'insert-artifact',
    text: `insert into artifacts (${columns}, content)
      select $1, $2, $3, $4, $5, $6, $7
      where exists (select from results where id = $2 and ($8 or project_id = any ($9::uuid[])))
        or exists (select from runs where id = $3 and ($8 or project_id = any ($9::uuid[])))
      on conflict (id) do nothing returning id`,
    values: [id, result_id, run_id, filename, data, upload_date, content, scope.all, scope.all ? [] : scope.ids],
  })
  return rows.length === 1
}

/** Deletes an artifact, if it is still there. */
export async function deleteArtifact(db: Queryable, id: string): Promise<void> {
  await db.query({ text: 'delete from artifacts where id = $1', values: [id] })
}

/** The `from` and `where` of the artifacts of one result or run, or of both (which none is). */
export function artifactsOf(owner: { resultId: string | null; runId: string | null }): { from: Sql; where: Sql } {
  const conditions = [
    ...(owner.resultId ? [sql`artifacts.result_id = ${owner.resultId}`] : []),
    ...(owner.runId ? [sql`artifacts.run_id = ${owner.runId}`] : []),
  ]
  return { from: raw('artifacts'), where: join(conditions, ' and ') }
}

/**
 * The `from` and `where` of all artifacts within a scope. A union of two joins: with `or` between results and runs
 * PostgreSQL would read the whole table for a small project.
 */
export function artifactsWithin(scope: ProjectScope): { from: Sql; where: Sql } {
  if (scope.all) return { from: raw('artifacts'), where: raw('true') }
  const list = raw('a.id, a.result_id, a.run_id, a.filename, a.data, a.upload_date')
  return {
    from: sql`(
      select ${list} from artifacts a join results on results.id = a.result_id
        where ${compileScope(raw('results.project_id'), scope)}
      union all
      select ${list} from artifacts a join runs on runs.id = a.run_id
        where a.result_id is null and ${compileScope(raw('runs.project_id'), scope)}
    ) as artifacts`,
    where: raw('true'),
  }
}
