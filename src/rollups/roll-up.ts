import type { Queryable } from '../db/queryable.ts'
import { type ContributingRuns, deleteEmptyRollups, storeResultContributions } from './result-contributions.ts'
import { findRollupFields, type RollupField } from './rollup-fields.ts'
import { storeRunContributions } from './run-contributions.ts'

/*
 * Rollups are sums over runs. What each run has added to them stands in its contributions, and both are changed in one
 * transaction. So at any moment, for any transaction:
 *
 *   rollups = the sum of all contributions
 *   contributions of a run = what its rows say, unless the run has a mark in run_changes or rollup_changes
 *
 * Whatever writes to results or runs leaves a mark in its own transaction. A read takes the rollups, less what marked runs
 * have contributed, plus the rows of marked runs, in one statement, that is in one snapshot: it is exact at any moment.
 *
 * To roll up: marks are taken, then the runs locked, then the contributions (for a run that is gone has no row to lock),
 * and only then, in statements of their own, rows are counted. Fields are read after the locks too, so that a field that is
 * being added misses no run.
 */

/** The fields as a transaction sees them that holds its locks. */
interface Fields {
  readonly results: readonly RollupField[]
  readonly runs: readonly RollupField[]
  readonly builtTo: number
}

/** Takes marks of runs to roll up again that nobody else is working on, and gives the ids of their runs. */
export async function takeRollupMarks(
  tx: Queryable,
  { limit, of, except = [] }: { limit?: number; of?: string; except?: readonly string[] },
): Promise<string[]> {
  const { rows } = await tx.query<{ run_id: string }>({
    name: 'take-rollup-marks',
    text: `delete from rollup_changes where ctid = any (array(
        select ctid from rollup_changes
        where not_before <= localtimestamp and run_id = coalesce($2::uuid, run_id) and run_id <> all ($3::uuid[])
        limit $1 for update skip locked))
      returning run_id`,
    values: [limit ?? null, of ?? null, except],
  })
  return [...new Set(rows.map(({ run_id }) => run_id))]
}

/**
 * Rolls runs up again. `ids` are all whose marks were taken, `locked` those of them that exist and are locked. Runs that
 * were rolled up a moment ago and are large get a mark for later instead, unless `atOnce`.
 */
export async function rollUp(
  tx: Queryable,
  ids: readonly string[],
  locked: readonly string[],
  { atOnce = false } = {},
): Promise<void> {
  const contributed = await lockContributions(tx, ids)
  const early = new Set(atOnce ? [] : contributed.filter(({ early }) => early).map(({ run_id }) => run_id))
  if (early.size > 0) await markForLater(tx, [...early])
  const fresh = locked.filter((id) => !early.has(id))
  const former = contributed.map(({ run_id }) => run_id).filter((id) => !early.has(id))
  if (fresh.length > 0 || former.length > 0) await storeContributions(tx, { fresh, former })
}

/** Contributions of runs, locked in the order of their ids. `early`: rolling them up again is not worth its cost yet. */
async function lockContributions(tx: Queryable, ids: readonly string[]): Promise<{ run_id: string; early: boolean }[]> {
  const { rows } = await tx.query<{ run_id: string; early: boolean }>({
    name: 'lock-contributions',
    text: `select run_id, due > localtimestamp as early from run_contributions
      where run_id = any ($1::uuid[]) order by run_id for update`,
    values: [ids],
  })
  return rows
}

async function markForLater(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query({
    name: 'mark-rollup-for-later',
    text: `insert into rollup_changes (run_id, not_before)
      select run_id, due from run_contributions where run_id = any ($1::uuid[])`,
    values: [ids],
  })
}

async function storeContributions(tx: Queryable, runs: ContributingRuns): Promise<void> {
  const fields = await readFields(tx)
  const emptyResults = await storeResultContributions(tx, fields.results, runs)
  const emptyRuns = await storeRunContributions(tx, fields.runs, runs, fields.builtTo)
  await deleteEmptyRollups(tx, 'result_rollups', emptyResults)
  await deleteEmptyRollups(tx, 'run_rollups', emptyRuns)
}

async function readFields(tx: Queryable): Promise<Fields> {
  const fields = await findRollupFields(tx)
  return {
    results: fields.filter(({ source }) => source === 'results'),
    runs: fields.filter(({ source }) => source === 'runs'),
    builtTo: Math.max(0, ...fields.map(({ id }) => id)),
  }
}
