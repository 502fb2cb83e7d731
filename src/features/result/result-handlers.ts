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
import { toResult } from './result-mapper.ts'
import { changeResult, createResult } from './result-service.ts'
import { type ResultRow, resultColumns } from './result-sql.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getResultList' | 'addResult' | 'getResult' | 'updateResult'
>

export const resultHandlers: Handlers = {
  async getResultList(ctx, { query, subject: scope }) {
    const page = pageOf(query)
    if (page.pageSize > MAX_DIRECT_PAGE) throw fail('page_needs_task')
    const filters = parseFilters(query.filter ?? [])
    requireProjectFilter(scope, filters)
    const { rows, totalItems } = await listRows<ResultRow>(ctx.db, {
      columns: resultColumns,
      from: raw('results'),
      where: sql`${compileScope(raw('results.project_id'), scope, filters)} and ${compileFilters(tables.results, filters)}`,
      orderBy: raw('start_time desc'),
      page,
      estimate: query.estimate ?? false,
      filters,
    })
    return { status: 200, body: { results: rows.map(toResult), pagination: paginationOf(page, totalItems) } }
  },

  async addResult(ctx, { body, caller, subject: place }) {
    return { status: 201, body: toResult(await createResult(ctx, caller, body, place)) }
  },

  async getResult(_ctx, { subject: result }) {
    return { status: 200, body: toResult(result) }
  },

  async updateResult(ctx, { params, body, subject: place }) {
    return { status: 200, body: toResult(await changeResult(ctx, params.id, body, place)) }
  },
}
