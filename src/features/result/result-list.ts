import sql, { raw } from 'sql-template-tag'
import type { ProjectScope } from '../../access/caller.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { type Filter, parseFilters } from '../../filters/grammar.ts'
import { compileScope, requireProjectFilter } from '../../filters/scope.ts'
import { tables } from '../../filters/tables.ts'
import type { ListQuery } from '../../pages/list-rows.ts'
import { type ListParameters, pageOf } from '../../pages/page.ts'
import { anyProjectTime, resultColumns } from './result-sql.ts'

/**
 * The list of results within a scope, newest first.
 * @throws ApiError invalid_filter, project_filter_required, page_too_big
 */
export function resultListQuery(scope: ProjectScope, query: ListParameters): ListQuery {
  const filters = parseFilters(query.filter ?? [])
  requireProjectFilter(scope, filters)
  return {
    columns: resultColumns,
    from: raw('results'),
    where: sql`${compileScope(raw('results.project_id'), scope, filters)} and ${compileFilters(tables.results, filters)}`,
    orderBy: raw(`${isOfOne(scope, filters) ? 'start_time' : anyProjectTime} desc`),
    page: pageOf(query),
    estimate: query.estimate ?? false,
    filters,
  }
}

/** Whether all results are of one project or one run, which have indexes of their own in order of time. */
function isOfOne(scope: ProjectScope, filters: readonly Filter[]): boolean {
  if (!scope.all && scope.ids.length === 1) return true
  return filters.some(({ field, operator }) => operator === 'eq' && (field === 'project_id' || field === 'run_id'))
}
