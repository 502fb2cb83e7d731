import sql from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { Queryable } from '../db/queryable.ts'
import { toResult } from '../features/result/result-mapper.ts'
import { type ResultRow, resultColumns } from '../features/result/result-sql.ts'
import { type Filter, parseFilters } from '../filters/grammar.ts'
import { nodeAt } from '../filters/json-condition.ts'
import { tables } from '../filters/tables.ts'
import { parseStoredJson } from '../json/parse-json.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { compileSelection } from './selection.ts'
import type { Widget } from './widget.ts'

type Answer = components['schemas']['WidgetCompareRunsView']
type Compared = components['schemas']['WidgetComparedResult']

/** The tests of two runs that ended differently; each run is the one of the newest result that its filters find. */
export const compareRunsView: Widget<Answer> = {
  mandatory: [],
  async answer(ctx, { params, scope }) {
    const sets = params.list('additional_filters').map((text) => parseFilters([text]))
    const [first, second] = sets
    if (!first) return toAnswer([])
    if (!second) throw params.refuse('additional_filters must be given twice, once for each run')
    const [left, right] = await Promise.all([findNewestRun(ctx.db, scope, first), findNewestRun(ctx.db, scope, second)])
    return toAnswer(pair(left, right))
  },
}

interface PlacedRow extends ResultRow {
  /** JSON text. */
  readonly fspath: string | null
}

/** The first result of the same test that ended differently, for each on the left; a missing file equals a missing one. */
function pair(left: readonly PlacedRow[], right: readonly PlacedRow[]): [PlacedRow, PlacedRow][] {
  const byTest = Map.groupBy(right, testOf)
  return left.flatMap((one) => {
    const other = byTest.get(testOf(one))?.find(({ result }) => result !== one.result)
    return other ? [[one, other]] : []
  })
}

function testOf({ fspath, test_id }: PlacedRow): string {
  return JSON.stringify([fspath === 'null' ? null : fspath, test_id])
}

function toAnswer(pairs: readonly [PlacedRow, PlacedRow][]): Answer {
  return {
    results: pairs.map(([left, right]) => [toCompared(left), toCompared(right)]),
    pagination: { totalItems: pairs.length },
  }
}

function toCompared(row: PlacedRow): Compared {
  const { metadata, params, ...result } = toResult(row)
  return {
    ...result,
    metadata: parseStoredJson(metadata) as Compared['metadata'],
    params: params === null ? null : (parseStoredJson(params) as Compared['params']),
  }
}

/** The results, as far as the filters find them, of the run of the newest one; none when that belongs to no run. */
async function findNewestRun(db: Queryable, scope: ProjectScope, filters: readonly Filter[]): Promise<PlacedRow[]> {
  const where = compileSelection(tables.results, scope, filters)
  const fspath = nodeAt({ column: sql`results.data`, path: ['fspath'], contained: false })
  const { rows } = await withFilterErrors(filters, () =>
    db.query<PlacedRow>(sql`
      select ${resultColumns}, ${fspath} as fspath from results
      where run_id = (select run_id from results where ${where} order by start_time desc, id limit 1) and ${where}
      order by fspath, start_time, id`),
  )
  return rows
}
