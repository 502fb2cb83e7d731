import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { ProjectScope } from '../../access/caller.ts'
import type { AppContext } from '../../context.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { parseFilters } from '../../filters/grammar.ts'
import { compileScope } from '../../filters/scope.ts'
import { tables } from '../../filters/tables.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { listRows } from '../../pages/list-rows.ts'
import { type Pagination, pageOf, paginationOf } from '../../pages/page.ts'
import { type Project, toProject } from './project-mapper.ts'
import { type ProjectRow, projectOrder } from './project-sql.ts'

/** The query parameters of `/project` and `/admin/project`. */
export interface ProjectListQuery {
  readonly filter?: readonly string[]
  readonly ownerId?: string
  readonly groupId?: string
  readonly page?: number
  readonly pageSize?: number
}

/**
 * A page of the projects within a scope, by name (filters.md 6 and 7).
 *
 * @param columns `projectColumns`, or `projectColumnsWithOwner` for administrators.
 * @throws ApiError `invalid_uuid`, `invalid_filter`, `page_too_big`.
 */
export async function listProjects(
  ctx: AppContext,
  columns: Sql,
  scope: ProjectScope,
  query: ProjectListQuery,
): Promise<{ projects: Project[]; pagination: Pagination }> {
  const page = pageOf(query)
  const filters = parseFilters(query.filter ?? [])
  const conditions = [
    compileScope(raw('projects.id'), scope),
    ...idCondition('ownerId', raw('projects.owner_id'), query.ownerId),
    ...idCondition('groupId', raw('projects.group_id'), query.groupId),
    compileFilters(tables.projects, filters),
  ]
  const { rows, totalItems } = await listRows<ProjectRow>(ctx.db, {
    columns,
    from: raw('projects'),
    where: join(conditions, ' and '),
    orderBy: projectOrder,
    page,
    filters,
  })
  return { projects: rows.map(toProject), pagination: paginationOf(page, totalItems) }
}

/** An empty parameter is one that was not sent. */
function idCondition(name: string, column: Sql, value: string | undefined): Sql[] {
  return value ? [sql`${column} = ${requiredUuid(name, value)}`] : []
}
