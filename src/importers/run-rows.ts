import type { Queryable } from '../db/queryable.ts'
import { findRun, type RunRow } from '../features/run/run-sql.ts'

const columns = 'id, project_id, data, env, component, source, start_time, duration, summary, created'

/**
 * The run of an import; undefined when there is none yet. Two imports of one run take turns here, until the transaction
 * ends. The row itself is locked late (`lockRun`, right before counting): a recount locks many runs at once, and would let
 * all of them wait for a large import.
 */
export async function claimRun(tx: Queryable, runId: string): Promise<RunRow | undefined> {
  await tx.query({ text: `select pg_advisory_xact_lock(hashtextextended('import ' || $1, 0))`, values: [runId] })
  return findRun(tx, runId)
}

/** Stores a run that an import makes. The import counts by itself: the mark is only for rollups. */
export async function insertImportedRun(tx: Queryable, row: RunRow): Promise<void> {
  await tx.query({
    text: `with inserted as (
        insert into runs (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id)
      insert into rollup_changes (run_id) select id from inserted`,
    values: values(row),
  })
}

/** Writes all columns of a run, with a mark for rollups only. */
export async function updateImportedRun(tx: Queryable, row: RunRow): Promise<void> {
  await tx.query({
    text: `with updated as (
        update runs set project_id = $2, data = $3, env = $4, component = $5, source = $6, start_time = $7,
          duration = $8, summary = $9, created = $10
        where id = $1 returning id)
      insert into rollup_changes (run_id) select id from updated`,
    values: values(row),
  })
}

function values(row: RunRow): unknown[] {
  const { id, project_id, data, env, component, source, start_time, duration, summary, created } = row
  return [id, project_id, data, env, component, source, start_time, duration, summary, created]
}
