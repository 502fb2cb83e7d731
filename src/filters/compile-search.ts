import sql, { raw } from 'sql-template-tag'
import type { ProjectScope } from '../access/caller.ts'
import { getMember, isRecord } from '../json/json-record.ts'
import type { Search } from '../pages/list-rows.ts'
import { compileFilters } from './compile-filter.ts'
import { elementsOf } from './conditions.ts'
import type { Filter } from './grammar.ts'
import { isLookedUp } from './json-condition.ts'
import { compileScope } from './scope.ts'
import type { TableSpec } from './tables.ts'

/** The rows of some tests, runs or ids are few, and the planner knows it. */
const narrowFields = ['id', 'run_id', 'test_id']

/**
 * What of a list's filters is a search in metadata; undefined where nothing is, or other filters find the rows.
 * @throws ApiError invalid_filter
 */
export function compileSearch(table: TableSpec, scope: ProjectScope, filters: readonly Filter[]): Search | undefined {
  const lookedUp = filters.filter(isLookedUp)
  const isNarrow = filters.some(
    ({ field, operator }) => (operator === 'eq' || operator === 'in') && narrowFields.includes(field),
  )
  if (lookedUp.length === 0 || isNarrow) return undefined
  const ofProject = filters.filter(({ field }) => field === 'project_id')
  const inScope = compileScope(raw(`${table.alias}.project_id`), scope, filters)
  return {
    wanted: compileFilters(table, lookedUp),
    isIn: (documents) => lookedUp.every((filter) => documents.some((document) => holdsWanted(document, filter))),
    within: sql`${inScope} and ${compileFilters(table, ofProject)}`,
  }
}

/** Whether a value that the filter wants stands at its path, or in a list there. */
function holdsWanted(document: unknown, filter: Filter): boolean {
  const [, ...path] = filter.field.split('.')
  const found = path.reduce<unknown>((node, key) => (isRecord(node) ? getMember(node, key) : undefined), document)
  const wanted = filter.operator === 'in' ? elementsOf(filter) : [filter.value]
  return [found].flat().some((value) => typeof value !== 'object' && wanted.includes(String(value)))
}
