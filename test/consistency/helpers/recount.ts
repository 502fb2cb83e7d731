import pg from 'pg'
import type { Queryable } from '../../../src/db/queryable.ts'
import {
  findDifferentResults,
  findDifferentRuns,
  repairResultRollups,
  repairRunRollups,
} from '../../../src/rollups/compare-rollups.ts'
import { runSql } from '../../helpers/database.ts'
import { eventually } from '../../helpers/server.ts'

interface RunRow {
  readonly id: string
  readonly summary: Readonly<Record<string, number>> | null
  readonly duration: number | null
  readonly outcomes: readonly string[]
  readonly seconds: number
}

/** Runs whose summary or duration is not what their results give; counted here, not with the program's statement. */
export async function wrongSummaries(url: string): Promise<string[]> {
  const rows = await runSql<RunRow>(
    url,
    `select r.id, r.summary, r.duration, array(select result from results where run_id = r.id) as outcomes,
      (select coalesce(sum(duration), 0) from results where run_id = r.id) as seconds from runs r`,
  )
  return rows.flatMap(({ id, summary, duration, outcomes, seconds }) => {
    const count = (outcome: string) => outcomes.filter((one) => one === outcome).length
    const recount = {
      tests: outcomes.length,
      failures: count('failed'),
      errors: count('error'),
      skips: count('skipped'),
      passes: count('passed'),
    }
    const wrong = Object.entries(recount).filter(([key, value]) => summary?.[key] !== value)
    if (Math.abs((duration ?? 0) - seconds) > 1e-6) wrong.push(['duration', seconds])
    return wrong.map(([key, value]) => `run ${id} says ${key} ${summary?.[key] ?? duration}, a recount ${value}`)
  })
}

/** Waits until summaries are right, for at most `timeoutMs`; gives how long it took, and what is wrong even then. */
export async function awaitSummaries(url: string, timeoutMs: number): Promise<{ ms: number; wrong: string[] }> {
  const began = performance.now()
  const wrong = await eventually(
    () => wrongSummaries(url),
    (lines) => lines.length === 0,
    timeoutMs,
  )
  return { ms: performance.now() - began, wrong }
}

/** Rollups and contributions that are not what the rows give, once no run waits to be rolled up. */
export async function wrongRollups(url: string, timeoutMs: number): Promise<string[]> {
  const waiting = () =>
    runSql<{ n: number }>(
      url,
      'select ((select count(*) from run_changes) + (select count(*) from rollup_changes))::int as n',
    )
  const [left] = await eventually(waiting, ([row]) => row?.n === 0, timeoutMs)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const db = { query: (statement: pg.QueryConfig) => client.query(statement) } as unknown as Queryable
  try {
    const { rows } = await client.query<{ id: string }>('select id from runs')
    const runs = rows.map(({ id }) => id)
    await client.query('begin')
    const found = [
      ...(await findDifferentResults(db, runs)).map((id) => `run ${id} contributed other results than it has`),
      ...(await findDifferentRuns(db, runs)).map((id) => `run ${id} contributed something else than it is`),
    ]
    const different = (await repairResultRollups(db)) + (await repairRunRollups(db))
    await client.query('rollback')
    if (different > 0) found.push(`${different} rollups are not the sum of what was contributed`)
    if (left?.n !== 0) found.push(`${left?.n} marks are left`)
    return found
  } finally {
    await client.end()
  }
}
