import sql, { type Sql } from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { AppContext } from '../context.ts'
import type { Queryable } from '../db/queryable.ts'
import { type FieldExpression, groupExpression } from '../filters/field-expression.ts'
import type { Filter } from '../filters/grammar.ts'
import { resultSource } from '../filters/result-source.ts'
import { tables } from '../filters/tables.ts'
import { parseUuid } from '../ids/uuid.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { canAsk, countResultValues, type ValueCount } from '../rollups/read-rollups.ts'
import { rollupName, wantedFields } from '../rollups/rollup-fields.ts'
import { type GroupValue, groupJson } from './groups.ts'
import { daysBefore } from './look-back.ts'
import { needText, type WidgetParams } from './params.ts'
import { additionalFilters, compileSelection } from './selection.ts'
import type { Widget, WidgetCall } from './widget.ts'

const DEFAULT_DAYS = 90
/** Values that a list of choices shows at most. */
const MOST_VALUES = 200

/**
 * Where values are only to be chosen from and no rollup has them, they are those of so many of the newest results: a
 * project's history is too long to be read for a list of choices.
 */
const NEWEST = 20_000

/** The values of a field of results with how often they occur, or the values alone (widgets.md 4): from rollups where they can tell. */
export const resultAggregator: Widget<components['schemas']['WidgetResultAggregator']> = {
  mandatory: ['group_field'],
  async answer(ctx, call) {
    const { params, scope } = call
    const field = needText(params, 'group_field')
    const group = groupExpression(tables.results, field)
    const since = sinceOf(ctx, params)
    const filters = additionalFilters(params)
    if (!group) return []
    const counted = await findCounts(ctx, call, field, since)
    const { from, table } = resultSource(filters)
    const where = sql`${compileSelection(table, scope, filters)} and ${timeCondition(since)} and ${runCondition(params)}`
    const wanted = sql`${from} where ${where}`
    if (params.flag('for_filter')) {
      const values = counted?.slice(0, MOST_VALUES).map(({ value }) => value)
      const found = values ?? (await findValues(ctx.db, group, wanted, filters))
      return found.map((value) => ({ _id: groupJson(group, value) }))
    }
    const counts = counted ?? (await countValues(ctx.db, group, wanted, filters))
    return counts.map(({ value, count }) => ({ _id: groupJson(group, value), count }))
  },
}

/** The counts from rollups; null where those can't tell. */
async function findCounts(
  ctx: AppContext,
  { params, scope }: WidgetCall,
  field: string,
  since: string | null,
): Promise<ValueCount[] | null> {
  const name = rollupName(field)
  const isCounted = wantedFields('results', ctx.config.rollupFields).includes(name)
  if (!isCounted || !canAsk(scope) || additionalFilters(params).length > 0 || runOf(params) !== null) return null
  return countResultValues(ctx.db, { field: { source: 'results', name }, scope, since })
}

/** From when on results count: any run that is named, even one that is none, lifts the 90 days; 0 days mean no limit. */
function sinceOf(ctx: AppContext, params: WidgetParams): string | null {
  const days = params.number('days') ?? (params.has('run_id') ? 0 : DEFAULT_DAYS)
  if (days === 0) return null
  const since = daysBefore(ctx.clock.now(), days)
  if (since === null) throw params.refuse(`days is out of range: ${days}`)
  return since
}

function timeCondition(since: string | null): Sql {
  return since === null ? sql`true` : sql`results.start_time > ${since}::timestamp`
}

/** A run that is none restricts nothing. */
const runOf = (params: WidgetParams) => parseUuid(params.text('run_id'))

function runCondition(params: WidgetParams): Sql {
  const run = runOf(params)
  return run === null ? sql`true` : sql`results.run_id = ${run}::uuid`
}

async function countValues(
  db: Queryable,
  { expression }: FieldExpression,
  wanted: Sql,
  filters: readonly Filter[],
): Promise<{ value: GroupValue; count: number }[]> {
  const { rows } = await withFilterErrors(filters, () =>
    db.query<{ value: GroupValue; count: number }>(sql`
      select value, count(*) as count from (select ${expression} as value from ${wanted}) as grouped
      where value is not null group by value order by count desc, value`),
  )
  return rows
}

async function findValues(
  db: Queryable,
  { expression }: FieldExpression,
  wanted: Sql,
  filters: readonly Filter[],
): Promise<GroupValue[]> {
  const { rows } = await withFilterErrors(filters, () =>
    db.query<{ value: GroupValue }>(sql`
      select distinct value
      from (
        select ${expression} as value from ${wanted} order by start_time desc limit ${NEWEST}) as newest
      where value is not null limit ${MOST_VALUES}`),
  )
  return rows.map(({ value }) => value)
}
