/** Which projects' rows a list shows (filters.md 6, R2). */
import sql, { type Sql } from 'sql-template-tag'
import type { ProjectScope } from '../access/caller.ts'
import { fail } from '../errors.ts'
import { type Filter, hasProjectFilter } from './grammar.ts'
import { readUuid } from './values.ts'

/**
 * The condition that keeps a list within the scope: `column` is the project id's column, trusted SQL. Given the
 * list's filters, `project_id=…` narrows it first: with one project left an index on (project_id, start_time) gives
 * the list's order, and the planner does not count the restriction twice in its estimate.
 */
export function compileScope(column: Sql, scope: ProjectScope, filters: readonly Filter[] = []): Sql {
  if (scope.all) return sql`true`
  const ids = filters.reduce<readonly string[]>(narrow, scope.ids)
  return ids.length === 1 ? sql`${column} = ${ids[0]}::uuid` : sql`${column} = any(${[...ids]}::uuid[])`
}

function narrow(ids: readonly string[], filter: Filter): readonly string[] {
  if (filter.field !== 'project_id' || filter.operator !== 'eq') return ids
  const wanted = readUuid(filter.value)
  return wanted === null ? ids : ids.filter((id) => id === wanted)
}

/**
 * Runs and results of a caller without any project are only listed with a project filter (recorded; then empty).
 * @throws ApiError project_filter_required
 */
export function requireProjectFilter(scope: ProjectScope, filters: readonly Filter[]): void {
  if (!scope.all && scope.ids.length === 0 && !hasProjectFilter(filters)) throw fail('project_filter_required')
}
