import type { OperationHandlers } from '../../../generated/handlers.ts'
import { serializers } from '../../../generated/serializers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { paginationOf } from '../../pages/page.ts'
import { printPage } from '../../pages/print-page.ts'
import { readPage } from '../../pages/read-page.ts'
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
    const { rows, slices, totalItems } = await readPage<ResultRow>(ctx.db, list)
    const pagination = paginationOf(list.page, totalItems)
    if (slices) return { status: 200, pieces: printPage('results', slices, printResult, pagination) }
    return { status: 200, body: { results: rows.map(toResult), pagination } }
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

const printResult = (row: ResultRow) => serializers.getResult[200](toResult(row))
