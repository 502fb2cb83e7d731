/** The pieces that the statements of all widgets are made of. */
import sql, { raw, type Sql } from 'sql-template-tag'
import type { ProjectScope } from '../access/caller.ts'
import { compileFilters } from '../filters/compile-filter.ts'
import { type Filter, parseFilters, readFilter } from '../filters/grammar.ts'
import { numberAt, textAt } from '../filters/json-condition.ts'
import { compileScope } from '../filters/scope.ts'
import type { TableSpec } from '../filters/tables.ts'
import type { WidgetParams } from './params.ts'

/** The condition of rows within a scope that pass all filters. */
export function compileSelection(table: TableSpec, scope: ProjectScope, filters: readonly Filter[]): Sql {
  const inScope = compileScope(raw(`${table.alias}.project_id`), scope, filters)
  return sql`${inScope} and ${compileFilters(table, filters)}`
}

/** The filters of `additional_filters` where that is one text. */
export function additionalFilters(params: WidgetParams): Filter[] {
  return parseFilters([params.text('additional_filters') ?? ''])
}

/** The filters that a parameter's value stands for: quotes around it fall away, commas belong to it (widgets.md 1.1). */
export function equals(field: string, value: string): Filter[] {
  const filter = readFilter(`${field}=${value}`)
  return filter ? [filter] : []
}

/** The filter of rows where a field is there. */
export function present(field: string): Filter {
  return { text: `${field}@y`, field, operator: 'exists', value: 'y' }
}

export const JOB_NAME = 'metadata.jenkins.job_name'
export const BUILD_NUMBER = 'metadata.jenkins.build_number'

/** The text of a key below `metadata.jenkins`. */
export function jenkinsText(table: TableSpec, key: string): Sql {
  return textAt({ column: raw(`${table.alias}.data`), path: ['jenkins', key], contained: false })
}

/** A number of a run's summary as a whole one (halves away from zero); missing or unreadable ones count as 0 (D41). */
export function summaryNumber(key: string): Sql {
  return sql`coalesce(round(${numberAt({ column: raw('runs.summary'), path: [key], contained: false })}), 0)`
}

/** The numbers that pass rates are made of, as columns of those names. */
export const summaryColumns: Sql = sql`
  ${summaryNumber('tests')} as tests, ${summaryNumber('errors')} as errors, ${summaryNumber('failures')} as failures,
  ${summaryNumber('skips')} as skips, ${summaryNumber('xfailures')} as xfailures, ${summaryNumber('xpasses')} as xpasses`

export interface SummaryNumbers {
  readonly tests: number
  readonly errors: number
  readonly failures: number
  readonly skips: number
  readonly xfailures: number
  readonly xpasses: number
}
