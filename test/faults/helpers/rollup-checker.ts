import { pino } from 'pino'
import { createDatabase } from '../../../src/db/database.ts'
import type { Queryable } from '../../../src/db/queryable.ts'
import {
  findDifferentResults,
  findDifferentRuns,
  repairResultRollups,
  repairRunRollups,
} from '../../../src/rollups/compare-rollups.ts'
import { runSql } from '../../helpers/database.ts'
import type { Ledger } from './ledger.ts'

/** Compares the rollups of a ledger's project with a recount of its rows, and what its runs have contributed. */
export async function rollupLosses(url: string, ledger: Ledger): Promise<string[]> {
  const runs = [...ledger.runs.keys(), ...[...ledger.imports.values()].map(({ runId }) => runId)]
  return [
    ...(await recount(url, ledger.projectId)),
    ...(await asking(url, async (db) => {
      const different = new Set([...(await findDifferentRuns(db, runs)), ...(await findDifferentResults(db, runs))])
      return [...different].map((id) => `run ${id} has not contributed to the rollups what it holds`)
    })),
  ]
}

/** Compares all rollups with all contributions; takes time with the size of the database. */
export function allRollupLosses(url: string): Promise<string[]> {
  return asking(url, async (tx) => {
    const [results, runs] = [await repairResultRollups(tx), await repairRunRollups(tx)]
    return Number(results) + Number(runs) > 0
      ? [`${results} rollups of results and ${runs} of runs are no recount`]
      : []
  })
}

/** Counted here, not with the program's own statements: results by outcome, and runs, over all times and by day. */
async function recount(url: string, project: string): Promise<string[]> {
  const rows = await runSql<{ what: string; bucket: string; value: string; rolled: number; counted: number }>(
    url,
    `with rolled as (
        select 'results ' || grain::text as what, bucket::text, value, count::int as count from result_rollups
        where project_id = '${project}' and grain::text in ('a', 'd')
          and field = (select id from rollup_fields where source = 'results' and name = 'result')
        union all
        select 'runs ' || grain::text, bucket::text, value, runs::int from run_rollups
        where project_id = '${project}' and grain::text in ('a', 'd')
          and field = (select id from rollup_fields where source = 'runs' and name = '')),
      rows as (
        select 'results' as what, start_time, result::text as value from results where project_id = '${project}'
        union all select 'runs', start_time, '' from runs where project_id = '${project}'),
      counted as (
        select what || ' a' as what, '-infinity' as bucket, value, count(*)::int as count from rows group by 1, 2, 3
        union all
        select what || ' d', date_trunc('day', start_time)::text, value, count(*)::int from rows group by 1, 2, 3)
    select what, bucket, value, coalesce(r.count, 0) as rolled, coalesce(c.count, 0) as counted
    from rolled r full join counted c using (what, bucket, value) where r.count is distinct from c.count`,
  )
  return rows.map(
    ({ what, bucket, value, rolled, counted }) =>
      `rollup of ${what} ${bucket} ${value} says ${rolled}, a recount ${counted}`,
  )
}

class Undo extends Error {}

/** Asks with the program's own statements, in a transaction that is rolled back. */
async function asking(url: string, ask: (tx: Queryable) => Promise<string[]>): Promise<string[]> {
  const options = { applicationName: 'fault checker', poolSize: 1, statementTimeoutMs: 0 }
  const db = createDatabase({ url, log: pino({ level: 'silent' }), ...options })
  let losses: string[] = []
  try {
    await db.transaction(async (tx) => {
      losses = await ask(tx)
      throw new Undo()
    })
  } catch (error) {
    if (!(error instanceof Undo)) throw error
  } finally {
    await db.close()
  }
  return losses
}
