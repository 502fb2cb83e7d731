import sql, { raw } from 'sql-template-tag'
import type { ProjectScope } from '../../access/caller.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { compileSearch } from '../../filters/compile-search.ts'
import { type Filter, formOf, inOneOrder, parseFilters } from '../../filters/grammar.ts'
import { resultSource } from '../../filters/result-source.ts'
import { compileScope, requireProjectFilter } from '../../filters/scope.ts'
import { parseUuid } from '../../ids/uuid.ts'
import type { ListQuery } from '../../pages/list-rows.ts'
import { type ListParameters, pageOf } from '../../pages/page.ts'
import { countResults } from '../../rollups/count-results.ts'
import { anyProjectTime, resultColumns } from './result-sql.ts'

/**
 * The list of results within a scope, newest first.
 * @throws ApiError invalid_filter, project_filter_required, page_too_big
 */
export function resultListQuery(scope: ProjectScope, query: ListParameters): ListQuery {
  const asked = parseFilters(query.filter ?? [])
  requireProjectFilter(scope, asked)
  const isPrepared = history.test(formOf(asked)) && isOfOne(scope, asked)
  const filters = isPrepared ? inOneOrder(asked) : asked
  const { from, table } = resultSource(filters)
  const project = wholeProject(scope, filters)
  return {
    columns: resultColumns,
    from,
    where: sql`${compileScope(raw('results.project_id'), scope, filters)} and ${compileFilters(table, filters)}`,
    orderBy: raw(`${isOfOne(scope, filters) ? 'start_time' : anyProjectTime} desc`),
    page: pageOf(query),
    estimate: query.estimate ?? false,
    estimatedFrom: raw('results'),
    isNarrow: isPrepared,
    isPrepared,
    search: compileSearch(table, scope, filters),
    ...(project ? { findTotal: (db) => countResults(db, project) } : {}),
    filters,
  }
}

/** The project of which all results are listed; null where filters leave any out, or they are of several. */
function wholeProject(scope: ProjectScope, filters: readonly Filter[]): string | null {
  const [filter, another] = filters
  if (another || (filter && (filter.field !== 'project_id' || filter.operator !== 'eq'))) return null
  const ids = scope.all ? null : scope.ids
  const project = filter ? parseUuid(filter.value) : ids?.length === 1 ? ids[0] : null
  return project && (ids?.includes(project) ?? true) ? project : null
}

/** The history of one test, in the forms that clients ask for: any number of them can't be prepared. */
const history = /^(component eq,)?(project_id eq,)?(run_id eq,)?test_id eq$/

/** Whether all results are of one project or one run, which have indexes of their own in order of time. */
function isOfOne(scope: ProjectScope, filters: readonly Filter[]): boolean {
  if (!scope.all && scope.ids.length === 1) return true
  return filters.some(({ field, operator }) => operator === 'eq' && (field === 'project_id' || field === 'run_id'))
}
