import sql from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { AppContext } from '../context.ts'
import type { Queryable } from '../db/queryable.ts'
import type { Filter } from '../filters/grammar.ts'
import { tables } from '../filters/tables.ts'
import { readJsonNumber } from '../filters/values.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { canAsk, type RollupQuery, sumRunValues } from '../rollups/read-rollups.ts'
import { ALL, rollupName, wantedFields } from '../rollups/rollup-fields.ts'
import type { WidgetParams } from './params.ts'
import {
  additionalFilters,
  compileSelection,
  equals,
  JOB_NAME,
  type SummaryNumbers,
  summaryColumns,
} from './selection.ts'
import type { Widget } from './widget.ts'

/** How many results ended how, by the summaries of runs (widgets.md 4): from rollups where they can tell. */
export const resultSummary: Widget<components['schemas']['WidgetResultSummary']> = {
  mandatory: [],
  async answer(ctx, { params, scope }) {
    const sums = await sumSummaries(ctx, scope, filtersOf(params))
    const { tests: total, errors: error, skips: skipped, failures: failed, xfailures: xfailed, xpasses: xpassed } = sums
    const passed = total - (error + skipped + failed + xpassed + xfailed)
    return { error, skipped, failed, passed, total, xfailed, xpassed }
  },
}

const fields = { source: 'source', env: 'env', job_name: JOB_NAME }

function filtersOf(params: WidgetParams): Filter[] {
  const named = Object.entries(fields).flatMap(([name, field]) => {
    const value = params.text(name)
    return value ? equals(field, value) : []
  })
  return [...named, ...additionalFilters(params)]
}

async function sumSummaries(ctx: AppContext, scope: ProjectScope, filters: readonly Filter[]): Promise<SummaryNumbers> {
  const choice = canAsk(scope) ? choiceOf(ctx, filters) : null
  const sums = choice && (await sumRunValues(ctx.db, { scope, since: null, ...choice }, numbers))
  return sums ? (sums[0] ?? none) : readSummaries(ctx.db, scope, filters)
}

const numbers = ['tests', 'errors', 'failures', 'skips', 'xfailures', 'xpasses'] as const
const none: SummaryNumbers = { tests: 0, errors: 0, failures: 0, skips: 0, xfailures: 0, xpasses: 0 }

/**
 * The rollup that holds just the runs which filters find: that of all runs, or of one value of a field. Filters on metadata
 * compare numbers by value, where rollups have texts: what reads as a number is for the rows to answer.
 */
function choiceOf(ctx: AppContext, filters: readonly Filter[]): Pick<RollupQuery, 'field' | 'value'> | null {
  const [filter, another] = filters
  if (!filter) return { field: { source: 'runs', name: ALL }, value: '' }
  if (another || filter.operator !== 'eq') return null
  const name = rollupName(filter.field)
  if (!wantedFields('runs', ctx.config.rollupFields).includes(name)) return null
  if (name.startsWith('metadata.') && readJsonNumber(filter.value) !== null) return null
  return { field: { source: 'runs', name }, value: filter.value }
}

async function readSummaries(db: Queryable, scope: ProjectScope, filters: readonly Filter[]): Promise<SummaryNumbers> {
  const { rows } = await withFilterErrors(filters, () =>
    db.query<SummaryNumbers>(sql`
      select coalesce(sum(tests), 0) as tests, coalesce(sum(errors), 0) as errors,
        coalesce(sum(failures), 0) as failures, coalesce(sum(skips), 0) as skips,
        coalesce(sum(xfailures), 0) as xfailures, coalesce(sum(xpasses), 0) as xpasses
      from (select ${summaryColumns} from runs where ${compileSelection(tables.runs, scope, filters)}) as numbers`),
  )
  return rows[0] ?? none
}
