import sql from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { Queryable } from '../db/queryable.ts'
import type { Filter } from '../filters/grammar.ts'
import { tables } from '../filters/tables.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
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

/** How many results ended how, by the summaries of runs (widgets.md 4). */
export const resultSummary: Widget<components['schemas']['WidgetResultSummary']> = {
  mandatory: [],
  async answer(ctx, { params, scope }) {
    const sums = await sumSummaries(ctx.db, scope, filtersOf(params))
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

async function sumSummaries(db: Queryable, scope: ProjectScope, filters: readonly Filter[]): Promise<SummaryNumbers> {
  const { rows } = await withFilterErrors(filters, () =>
    db.query<SummaryNumbers>(sql`
      select coalesce(sum(tests), 0) as tests, coalesce(sum(errors), 0) as errors,
        coalesce(sum(failures), 0) as failures, coalesce(sum(skips), 0) as skips,
        coalesce(sum(xfailures), 0) as xfailures, coalesce(sum(xpasses), 0) as xpasses
      from (select ${summaryColumns} from runs where ${compileSelection(tables.runs, scope, filters)}) as numbers`),
  )
  return rows[0] ?? { tests: 0, errors: 0, failures: 0, skips: 0, xfailures: 0, xpasses: 0 }
}
