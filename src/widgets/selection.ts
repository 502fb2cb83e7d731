/** The pieces that the statements of all widgets are made of. */
import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { ProjectScope } from '../access/caller.ts'
import { compileFilters } from '../filters/compile-filter.ts'
import { type Filter, parseFilters, readFilter } from '../filters/grammar.ts'
import { compileScope } from '../filters/scope.ts'
import { summaryNumber } from '../filters/summary-number.ts'
import { type TableSpec, tables } from '../filters/tables.ts'
import { readJsonNumber } from '../filters/values.ts'
import type { WidgetParams } from './params.ts'

/** The condition of rows within a scope that pass all filters. */
export function compileSelection(table: TableSpec, scope: ProjectScope, filters: readonly Filter[]): Sql {
  const inScope = compileScope(raw(`${table.alias}.project_id`), scope, filters)
  const jobs = table === tables.runs ? filters.filter(namesJob) : []
  const others = filters.filter((filter) => !jobs.includes(filter))
  return join([inScope, ...jobs.map(compileJob), compileFilters(table, others)], ' and ')
}

/** Runs are found by their job's name in an index of widgets' own; names that read as numbers compare as those (D12). */
function namesJob({ field, operator, value }: Filter): boolean {
  return field === JOB_NAME && operator === 'eq' && readJsonNumber(value) === null
}

/** As for other long texts, equality of the indexed beginning is enough where the text is shorter than that. */
function compileJob({ value }: Filter): Sql {
  const begins = sql`left(${jobName}, ${INDEXED}) = left(${value}::text, ${INDEXED})`
  return [...value].length < INDEXED_CHARACTERS ? begins : sql`${begins} and ${jobName} = ${value}::text`
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

/** The text of a key below `metadata.jenkins`. The keys are literals, as in the indexes of db/migrations/0012. */
export function jenkinsText(table: TableSpec, key: 'job_name' | 'build_number' | 'build_url'): Sql {
  return raw(`(${table.alias}.data->'jenkins'->>'${key}')`)
}

const jobName = jenkinsText(tables.runs, 'job_name')
/** Texts without bound stand in indexes by so many characters (D32). */
const INDEXED_CHARACTERS = 200
const INDEXED = raw(String(INDEXED_CHARACTERS))

/** The condition of runs of a build, by index: the job and the build number, both texts, of another row of the statement. */
export function ofBuild(job: Sql, build: Sql): Sql {
  const own = jenkinsText(tables.runs, 'build_number')
  return sql`left(${own}, ${INDEXED}) = left(${build}, ${INDEXED}) and left(${jobName}, ${INDEXED}) = left(${job}, ${INDEXED})
    and ${own} = ${build} and ${jobName} = ${job}`
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
