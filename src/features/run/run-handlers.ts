import sql, { raw } from 'sql-template-tag'
import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { parseFilters } from '../../filters/grammar.ts'
import { compileScope, requireProjectFilter } from '../../filters/scope.ts'
import { tables } from '../../filters/tables.ts'
import { listRows } from '../../pages/list-rows.ts'
import { MAX_DIRECT_PAGE, pageOf, paginationOf } from '../../pages/page.ts'
import { toRun } from './run-mapper.ts'
import { changeRun, createRun, fillRuns } from './run-service.ts'
import { type RunRow, runColumns } from './run-sql.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getRunList' | 'addRun' | 'getRun' | 'updateRun' | 'bulkUpdate'
>

export const runHandlers: Handlers = {
  async getRunList(ctx, { query, subject: scope }) {
    const page = pageOf(query)
    if (page.pageSize > MAX_DIRECT_PAGE) throw fail('page_needs_task')
    const filters = parseFilters(query.filter ?? [])
    requireProjectFilter(scope, filters)
    const { rows, totalItems } = await listRows<RunRow>(ctx.db, {
      columns: runColumns,
      from: raw('runs'),
      where: sql`${compileScope(raw('runs.project_id'), scope, filters)} and ${compileFilters(tables.runs, filters)}`,
      orderBy: raw('start_time desc'),
      page,
      estimate: query.estimate ?? false,
      filters,
    })
    return { status: 200, body: { runs: rows.map(toRun), pagination: paginationOf(page, totalItems) } }
  },

  async addRun(ctx, { body, subject: projectId }) {
    return { status: 201, body: toRun(await createRun(ctx, body, projectId)) }
  },

  async getRun(_ctx, { subject: run }) {
    return { status: 200, body: toRun(run) }
  },

  async updateRun(ctx, { params, body, subject: projectId }) {
    return { status: 200, body: toRun(await changeRun(ctx, params.id, body, projectId)) }
  },

  async bulkUpdate(ctx, { query, body, caller, subject: scope }) {
    const pageSize = query.pageSize ?? 1
    const runs = await fillRuns(ctx, caller, scope, { metadata: body.metadata, filter: query.filter, pageSize })
    const pagination = paginationOf({ page: 1, pageSize }, runs.length)
    return { status: 200, body: { runs: runs.map(toRun), pagination } }
  },
}
