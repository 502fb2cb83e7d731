/** The rows that prunes find and delete. `before` is a moment, UTC; strictly older rows are meant (jobs.md 5). */
import type { Queryable } from '../../db/queryable.ts'
import { anyProjectTime } from '../../features/result/result-sql.ts'

/** A run goes when it and all its results are old. */
const oldRun = `r.start_time < $1 and not exists (
  select from results where run_id = r.id and start_time >= $1)`

/** What a prune would delete, or deleted. */
export interface PruneCounts {
  readonly artifacts: number
  readonly results: number
  readonly runs: number
  readonly imports: number
}

/** What the prune of each kind would delete; the same conditions as below. */
const counts = {
  files: `select count(*) as artifacts, 0 as results, 0 as runs, 0 as imports from artifacts where upload_date < $1`,
  results: `select 0 as runs, 0 as imports,
      (select count(*) from results where ${anyProjectTime} < $1) as results,
      (select count(*) from artifacts a join results s on s.id = a.result_id where s.start_time < $1) as artifacts`,
  runs: `with old as materialized (select r.id from runs r where ${oldRun})
    select 0 as imports, (select count(*) from old) as runs,
      (select count(*) from results s join old on old.id = s.run_id) as results,
      (select count(*) from artifacts a left join results s on s.id = a.result_id
        where a.run_id in (select id from old) or s.run_id in (select id from old)) as artifacts`,
  imports: `select 0 as artifacts, 0 as results, 0 as runs, count(*) as imports from imports where created < $1`,
} as const

export type PruneKind = keyof typeof counts

export async function countOld(tx: Queryable, kind: PruneKind, before: string): Promise<PruneCounts> {
  // Counting reads whole tables; the limit is for requests.
  await tx.query({ text: 'set local statement_timeout = 0' })
  const { rows } = await tx.query<PruneCounts>({ text: counts[kind], values: [before] })
  const [row = { artifacts: 0, results: 0, runs: 0, imports: 0 }] = rows
  return row
}

async function ids(db: Queryable, text: string, values: unknown[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({ text, values })
  return rows.map(({ id }) => id)
}

export const findOldResults = (db: Queryable, before: string, limit: number) =>
  ids(db, `select id from results where ${anyProjectTime} < $1 order by ${anyProjectTime} limit $2`, [before, limit])

export const findOldRuns = (db: Queryable, before: string, limit: number) =>
  ids(db, `select r.id from runs r where ${oldRun} order by r.start_time limit $2`, [before, limit])

export const findResultsOfRuns = (db: Queryable, runIds: readonly string[], before: string, limit: number) =>
  ids(db, 'select id from results where run_id = any ($1::uuid[]) and start_time < $2 limit $3', [
    runIds,
    before,
    limit,
  ])

export const findOldImports = (db: Queryable, before: string, limit: number) =>
  ids(db, 'select id from imports where created < $1 order by created limit $2', [before, limit])

async function remove(db: Queryable, text: string, values: unknown[]): Promise<number> {
  const { rowCount } = await db.query({ text, values })
  return rowCount ?? 0
}

/** Bytes of files in one batch: deleting one takes some µs for each 2 kB of it, and small ones say nothing of the next. */
const BATCH_BYTES = 8 * 1024 * 1024

/** Of the files that a statement gives (`id`, `size`), the first and then as many as are not too large together. */
const upToBytes = (files: string) =>
  `select id from (select id, sum(size) over (rows unbounded preceding) - size as before from (${files}) f) g
    where before < ${BATCH_BYTES}`

export const deleteOldArtifacts = (db: Queryable, before: string, limit: number) =>
  remove(
    db,
    `delete from artifacts where id = any (array(${upToBytes(
      `select id, coalesce(octet_length(content), 0) as size from artifacts where upload_date < $1
        order by upload_date limit $2 for update skip locked`,
    )}))`,
    [before, limit],
  )

export const deleteArtifactsOf = (
  db: Queryable,
  column: 'result_id' | 'run_id',
  owners: readonly string[],
  limit: number,
) =>
  remove(
    db,
    `delete from artifacts where id = any (array(${upToBytes(
      `select id, coalesce(octet_length(content), 0) as size from artifacts
        where ${column} = any ($1::uuid[]) limit $2`,
    )}))`,
    [owners, limit],
  )

/** Deletes what a statement that returns run ids deletes, and marks those runs to be rolled up again; gives how many rows went. */
async function removeCounted(db: Queryable, text: string, values: unknown[]): Promise<number> {
  const { rows } = await db.query<{ gone: number }>({
    text: `with gone as (${text}),
      marked as (insert into rollup_changes (run_id) select distinct run_id from gone where run_id is not null)
      select count(*) as gone from gone`,
    values,
  })
  return rows[0]?.gone ?? 0
}

/** The summaries of their runs stay as they are. */
export const deleteResults = (db: Queryable, resultIds: readonly string[]) =>
  removeCounted(db, 'delete from results where id = any ($1::uuid[]) returning run_id', [resultIds])

/** A run to which a result came meanwhile stays. */
export const deleteRuns = (db: Queryable, runIds: readonly string[]) =>
  removeCounted(
    db,
    `delete from runs r where id = any ($1::uuid[])
      and not exists (select from results where run_id = r.id) and not exists (select from artifacts where run_id = r.id)
      returning id as run_id`,
    [runIds],
  )

export const deleteChunksOf = (db: Queryable, importId: string, limit: number) =>
  remove(
    db,
    `delete from import_chunks where import_id = $1 and seq = any (array(
      select seq from import_chunks where import_id = $1 limit $2))`,
    [importId, limit],
  )

/** Ibutsu's `import_files` follow by their foreign key. */
export const deleteImport = (db: Queryable, id: string) => remove(db, 'delete from imports where id = $1', [id])
