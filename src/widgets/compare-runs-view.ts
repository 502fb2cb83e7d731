import sql from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { Database } from '../db/database.ts'
import { toResult } from '../features/result/result-mapper.ts'
import { findResults } from '../features/result/result-sql.ts'
import { type Filter, parseFilters } from '../filters/grammar.ts'
import { nodeAt } from '../filters/json-condition.ts'
import { resultSource } from '../filters/result-source.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { compileSelection } from './selection.ts'
import type { Widget } from './widget.ts'

type Answer = components['schemas']['WidgetCompareRunsView']
type Result = components['schemas']['Result']

/** What tells how the results of one run ended: some 50,000 of them. */
const MAX_OUTCOMES_BYTES = 8_000_000
/** What an answer holds; `totalItems` counts the pairs that it leaves out as well. */
const MAX_ANSWER_BYTES = 4_000_000
const PAIRS_AT_ONCE = 100

/** The tests of two runs that ended differently; each run is the one of the newest result that its filters find. */
export const compareRunsView: Widget<Answer> = {
  mandatory: [],
  async answer(ctx, { params, scope }) {
    const sets = params.list('additional_filters').map((text) => parseFilters([text]))
    const [first, second] = sets
    if (!first) return { results: [], pagination: { totalItems: 0 } }
    if (!second) throw params.refuse('additional_filters must be given twice, once for each run')
    const [left, right] = await Promise.all([findNewestRun(ctx.db, scope, first), findNewestRun(ctx.db, scope, second)])
    if (!left || !right) throw params.refuse('additional_filters find a run with too many results to compare')
    const pairs = pair(left, right)
    return { results: await fetchPairs(ctx.db, pairs), pagination: { totalItems: pairs.length } }
  },
}

/** What tells which results belong together: most end the same way in both runs, and are not read any further. */
interface Outcome {
  readonly id: string
  readonly test_id: string | null
  readonly result: string | null
  /** JSON text. */
  readonly fspath: string | null
}

type Pair = readonly [left: string, right: string]

/** The first result of the same test that ended differently, for each on the left; a missing file equals a missing one. */
function pair(left: readonly Outcome[], right: readonly Outcome[]): Pair[] {
  const byTest = new Map<string, { readonly first: Outcome; other?: Outcome }>()
  for (const one of right) {
    const test = testOf(one)
    const known = byTest.get(test)
    if (!known) byTest.set(test, { first: one })
    else if (known.first.result !== one.result) known.other ??= one
  }
  return left.flatMap((one) => {
    const known = byTest.get(testOf(one))
    const different = known?.first.result === one.result ? known.other : known?.first
    return different ? [[one.id, different.id] as const] : []
  })
}

function testOf({ fspath, test_id }: Outcome): string {
  return JSON.stringify([fspath === 'null' ? null : fspath, test_id])
}

/** The results of pairs, as many as an answer holds, without those that were deleted meanwhile. */
async function fetchPairs(db: Database, pairs: readonly Pair[]): Promise<Result[][]> {
  const answer: Result[][] = []
  let left = MAX_ANSWER_BYTES
  for (let at = 0; at < pairs.length && left > 0; at += PAIRS_AT_ONCE) {
    const some = pairs.slice(at, at + PAIRS_AT_ONCE)
    const found = await findResults(db, some.flat(), left)
    if (!found) break
    for (const ids of some) {
      const rows = ids.map((id) => found.get(id)).filter((row) => row !== undefined)
      if (rows.length === 2) answer.push(rows.map(toResult))
    }
    for (const { data, params } of found.values()) left -= (data?.length ?? 0) + (params?.length ?? 0)
  }
  return answer
}

/**
 * How the results ended, as far as the filters find them, of the run of the newest one: none when that belongs to no run, null
 * when they are more than can be compared.
 */
async function findNewestRun(db: Database, scope: ProjectScope, filters: readonly Filter[]): Promise<Outcome[] | null> {
  const { from, table } = resultSource(filters)
  const where = compileSelection(table, scope, filters)
  const fspath = nodeAt({ column: sql`results.data`, path: ['fspath'], contained: false })
  const found = await withFilterErrors(filters, () =>
    db.queryUpTo<Outcome>(
      MAX_OUTCOMES_BYTES,
      sql`select id, test_id, result, ${fspath} as fspath from ${from}
        where run_id = (select run_id from ${from} where ${where} order by start_time desc, id limit 1) and ${where}
        order by fspath, start_time, id`,
    ),
  )
  return found?.rows ?? null
}
