import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { listRows } from '../../pages/list-rows.ts'
import { paginationOf } from '../../pages/page.ts'
import { askForPage, isTaskSized } from '../task/task-service.ts'
import { resultListQuery } from './result-list.ts'
import { toResult } from './result-mapper.ts'
import { changeResult, createResult } from './result-service.ts'
import type { ResultRow } from './result-sql.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getResultList' | 'addResult' | 'getResult' | 'updateResult'
>

export const resultHandlers: Handlers = {
  async getResultList(ctx, { query, caller, subject: scope }) {
    if (isTaskSized(query)) return { status: 201, body: await askForPage(ctx, caller, scope, 'results', query) }
    const list = resultListQuery(scope, query)
    const { rows, totalItems } = await listRows<ResultRow>(ctx.db, list)
    return { status: 200, body: { results: rows.map(toResult), pagination: paginationOf(list.page, totalItems) } }
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
