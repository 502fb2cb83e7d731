import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { Queryable, Rows } from '../db/queryable.ts'
import { findDifferentResults, findDifferentRuns, repairResultRollups, repairRunRollups } from './compare-rollups.ts'
import { rollUp } from './roll-up.ts'
import { chooseRollupFields, findRollupFields } from './rollup-fields.ts'

/**
 * Runs of one transaction: at most so many, with so many results together, so that locks are short. How many are done in
 * LOCK_MS depends on the machine and on what else it does, so the number of results follows the last transaction's time.
 */
const MOST_RUNS = 200
const MOST_RESULTS = 5_000
const FEWEST_RESULTS = 250
const LOCK_MS = 200

export interface RollupWork {
  readonly db: Database
  readonly log: Logger
  /** Fields beside the documented ones. */
  readonly fields: readonly string[]
  readonly signal: AbortSignal
  progress?(done: number, of: number | null): Promise<void>
}

/** What a comparison found, and repaired. */
export interface RollupDifferences {
  readonly runs: number
  readonly resultRollups: number
  readonly runRollups: number
}

/**
 * Rolls up all runs that were not rolled up with all fields yet: those of an adopted database, all after a field was added.
 * Then the fields answer. Cut off anywhere, the next call goes on; several at once do no harm. Gives how many runs it were.
 */
export async function buildRollups(work: RollupWork): Promise<number> {
  const { db, log } = work
  await db.transaction((tx) => chooseRollupFields(tx, work.fields))
  await deleteForgotten(db)
  const builtTo = Math.max(0, ...(await findRollupFields(db)).map(({ id }) => id))
  const total = await countUnbuilt(db, builtTo)
  if (total > 0)
    log.info({ runs: total }, 'rollups are being built; until then widgets read results and runs themselves')
  let built = 0
  let most = MOST_RESULTS
  for (let after: string | null = null; ; ) {
    work.signal.throwIfAborted()
    const ids = await findUnbuilt(db, builtTo, after, most)
    const last = ids.at(-1)
    if (last === undefined) break
    const began = performance.now()
    await rollUpAtOnce(db, ids)
    most = performance.now() - began > LOCK_MS ? Math.max(most / 2, FEWEST_RESULTS) : Math.min(most * 2, MOST_RESULTS)
    after = last
    built += ids.length
    await work.progress?.(built, total)
  }
  // A run that came behind the place where this was has a mark, or was rolled up with all fields.
  const { rowCount } = await db.query({
    text: 'update rollup_fields set ready = true where id <= $1 and not ready',
    values: [builtTo],
  })
  if (built > 0 || rowCount) log.info({ runs: built }, 'rollups are built')
  return built
}

/** Counts everything again, reports what differed, and repairs it; beside live traffic too. */
export async function rebuildRollups(work: RollupWork): Promise<RollupDifferences> {
  await buildRollups(work)
  const { db } = work
  let runs = 0
  let seen = 0
  for await (const ids of eachRun(db, MOST_RUNS)) {
    for (const some of await splitByResults(db, ids)) {
      work.signal.throwIfAborted()
      const different = await unlimited(db, async (tx) => [
        ...new Set([...(await findDifferentRuns(tx, some)), ...(await findDifferentResults(tx, some))]),
      ])
      if (different.length > 0) await rollUpAtOnce(db, different)
      runs += different.length
      seen += some.length
      await work.progress?.(seen, null)
    }
  }
  return unlimited(db, async (tx) => {
    // What is missing would be added twice if two of these were at it.
    await tx.query({ text: `select pg_advisory_xact_lock(hashtextextended('rebuild rollups', 0))` })
    return { runs, resultRollups: await repairResultRollups(tx), runRollups: await repairRunRollups(tx) }
  })
}

async function rollUpAtOnce(db: Database, ids: readonly string[]): Promise<void> {
  await unlimited(db, async (tx) => {
    const { rows } = await tx.query<{ id: string }>({
      text: 'select id from runs where id = any ($1::uuid[]) order by id for no key update',
      values: [ids],
    })
    await rollUp(
      tx,
      ids,
      rows.map(({ id }) => id),
      { atOnce: true },
    )
  })
}

/** A transaction without the limit of requests. */
function unlimited<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query({ text: 'set local statement_timeout = 0' })
    return work(tx)
  })
}

async function countUnbuilt(db: Queryable, builtTo: number): Promise<number> {
  const { rows } = await db.query<{ unbuilt: number }>({
    text: `select count(*) as unbuilt from runs r left join run_contributions c on c.run_id = r.id
      where coalesce(c.built_to, 0) < $1`,
    values: [builtTo],
  })
  return rows[0]?.unbuilt ?? 0
}

async function findUnbuilt(db: Queryable, builtTo: number, after: string | null, most: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    text: `select r.id from runs r left join run_contributions c on c.run_id = r.id
      where ($1::uuid is null or r.id > $1) and coalesce(c.built_to, 0) < $2 order by r.id limit ${MOST_RUNS}`,
    values: [after, builtTo],
  })
  const [some = []] = await splitByResults(
    db,
    rows.map(({ id }) => id),
    most,
  )
  return some
}

/** Cuts a row of runs where their results become too many for one transaction. */
async function splitByResults(db: Queryable, ids: readonly string[], most = MOST_RESULTS): Promise<string[][]> {
  const { rows } = await db.query<{ id: string; results: number }>({
    text: `select wanted.id, (select count(*) from (
        select from results where run_id = wanted.id limit ${MOST_RESULTS}) as first) as results
      from unnest($1::uuid[]) with ordinality as wanted (id, place) order by place`,
    values: [ids],
  })
  const parts: string[][] = []
  let left = 0
  for (const { id, results } of rows) {
    if (parts.length === 0 || results > left) {
      parts.push([])
      left = most
    }
    parts.at(-1)?.push(id)
    left -= results
  }
  return parts
}

/** The ids of all runs, and of those that are gone but have contributed, in pieces. */
async function* eachRun(db: Queryable, limit: number): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const { rows }: Rows<{ id: string }> = await db.query<{ id: string }>({
      text: `select id from (
          (select id from runs where $1::uuid is null or id > $1 order by id limit $2)
          union (select run_id from run_contributions where $1::uuid is null or run_id > $1 order by run_id limit $2)
          union (select run_id from result_contributions where $1::uuid is null or run_id > $1 order by run_id limit $2)) as known
        order by id limit $2`,
      values: [after, limit],
    })
    const last = rows.at(-1)
    if (!last) return
    yield rows.map(({ id }) => id)
    after = last.id
  }
}

/** Rollups of fields that are counted no more. */
async function deleteForgotten(db: Database): Promise<void> {
  await unlimited(db, async (tx) => {
    for (const table of ['result_rollups', 'run_rollups']) {
      await tx.query({ text: `delete from ${table} where field <> all (array(select id from rollup_fields))` })
    }
  })
}
