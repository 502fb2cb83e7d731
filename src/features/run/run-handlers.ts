import type { OperationHandlers } from '../../../generated/handlers.ts'
import { serializers } from '../../../generated/serializers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { paginationOf } from '../../pages/page.ts'
import { printPage } from '../../pages/print-page.ts'
import { readPage } from '../../pages/read-page.ts'
import { askForPage, isTaskSized } from '../task/task-service.ts'
import { runListQuery } from './run-list.ts'
import { toRun } from './run-mapper.ts'
import { changeRun, createRun, fillRuns } from './run-service.ts'
import type { RunRow } from './run-sql.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getRunList' | 'addRun' | 'getRun' | 'updateRun' | 'bulkUpdate'
>

export const runHandlers: Handlers = {
  async getRunList(ctx, { query, caller, subject: scope }) {
    if (isTaskSized(query)) return { status: 201, body: await askForPage(ctx, caller, scope, 'runs', query) }
    const list = runListQuery(scope, query)
    const { rows, slices, totalItems } = await readPage<RunRow>(ctx.db, list)
    const pagination = paginationOf(list.page, totalItems)
    if (slices) return { status: 200, pieces: printPage('runs', slices, printRun, pagination) }
    return { status: 200, body: { runs: rows.map(toRun), pagination } }
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

const printRun = (row: RunRow) => serializers.getRun[200](toRun(row))
