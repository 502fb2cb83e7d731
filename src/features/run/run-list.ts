import sql, { raw } from 'sql-template-tag'
import type { ProjectScope } from '../../access/caller.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { parseFilters } from '../../filters/grammar.ts'
import { compileScope, requireProjectFilter } from '../../filters/scope.ts'
import { tables } from '../../filters/tables.ts'
import type { ListQuery } from '../../pages/list-rows.ts'
import { type ListParameters, pageOf } from '../../pages/page.ts'
import { runColumns } from './run-sql.ts'

/**
 * The list of runs within a scope, newest first.
 * @throws ApiError invalid_filter, project_filter_required, page_too_big
 */
export function runListQuery(scope: ProjectScope, query: ListParameters): ListQuery {
  const filters = parseFilters(query.filter ?? [])
  requireProjectFilter(scope, filters)
  return {
    columns: runColumns,
    from: raw('runs'),
    where: sql`${compileScope(raw('runs.project_id'), scope, filters)} and ${compileFilters(tables.runs, filters)}`,
    orderBy: raw('start_time desc'),
    page: pageOf(query),
    estimate: query.estimate ?? false,
    filters,
  }
}
