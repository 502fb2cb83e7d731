import sql, { raw } from 'sql-template-tag'
import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import { scopeOf } from '../../access/caller.ts'
import type { AppContext } from '../../context.ts'
import { withTransaction } from '../../db/transaction.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { parseFilters } from '../../filters/grammar.ts'
import { compileScope } from '../../filters/scope.ts'
import { tables } from '../../filters/tables.ts'
import { listRows } from '../../pages/list-rows.ts'
import { pageOf, paginationOf } from '../../pages/page.ts'
import { changeDashboard, createDashboard } from './dashboard-service.ts'
import { type DashboardRow, dashboardColumns, deleteDashboard } from './dashboard-sql.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getDashboardList' | 'addDashboard' | 'getDashboard' | 'updateDashboard' | 'deleteDashboard'
>

export const dashboardHandlers: Handlers = {
  async getDashboardList(ctx, { query, caller, subject: projectId }) {
    const page = pageOf(query)
    const filters = parseFilters(query.filter ?? [])
    const column = raw('dashboards.project_id')
    const own = sql`(${column} is null or ${compileScope(column, scopeOf(caller), filters)})`
    const { rows, totalItems } = await listRows<DashboardRow>(ctx.db, {
      columns: dashboardColumns,
      from: raw('dashboards'),
      where: sql`${projectId === undefined ? own : sql`${column} = ${projectId}::uuid`} and ${compileFilters(tables.dashboards, filters)}`,
      orderBy: raw('title, id'),
      page,
      filters,
    })
    return { status: 200, body: { dashboards: rows, pagination: paginationOf(page, totalItems) } }
  },

  async addDashboard(ctx, { body, subject: projectId }) {
    return { status: 201, body: await createDashboard(ctx, body, projectId) }
  },

  async getDashboard(_ctx, { subject: dashboard }) {
    return { status: 200, body: dashboard }
  },

  async updateDashboard(ctx, { params, body, subject: { projectId } }) {
    return { status: 200, body: await changeDashboard(ctx, params.id, body, projectId) }
  },

  async deleteDashboard(ctx, { params }) {
    await withTransaction(ctx, (tx) => deleteDashboard(tx, params.id))
    return { status: 200, body: 'OK' }
  },
}
