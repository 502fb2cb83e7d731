import { serializers } from '../../../generated/serializers.ts'
import { resultListQuery } from '../../features/result/result-list.ts'
import { toResult } from '../../features/result/result-mapper.ts'
import type { ResultRow } from '../../features/result/result-sql.ts'
import { runListQuery } from '../../features/run/run-list.ts'
import { toRun } from '../../features/run/run-mapper.ts'
import type { RunRow } from '../../features/run/run-sql.ts'
import type { PageOrder } from '../../features/task/task-service.ts'
import { rawJson } from '../../json/raw-json.ts'
import { collectRows } from '../../pages/collect-rows.ts'
import { paginationOf } from '../../pages/page.ts'
import { type JobDefinition, JobRefused } from '../job-definition.ts'

/** Rows of one answer; a larger page is cut to this size, as its pagination says. */
const MAX_ROWS = 50_000
/** Text of one answer: the worker holds it once, the web process that hands it out twice. */
const MAX_CHARS = 200_000_000

/** Collects a page of runs or results that is too large for a direct answer (jobs.md 9, D3, D39). */
export const queryPageJob: JobDefinition<PageOrder & Record<string, unknown>> = {
  name: 'query-page',
  async run(ctx, order, { signal }) {
    // Direct lists read such pages as the first; the reference's task fails.
    if ((order.page ?? 1) < 1) throw new JobRefused('The page must be 1 or more')
    const parameters = { ...order, pageSize: Math.min(order.pageSize ?? MAX_ROWS, MAX_ROWS) }
    const list =
      order.table === 'runs' ? runListQuery(order.scope, parameters) : resultListQuery(order.scope, parameters)
    const limits = { maxChars: MAX_CHARS, signal }
    const { text, totalItems } =
      order.table === 'runs'
        ? await collectRows<RunRow>(ctx.db, list, { ...limits, toText: (row) => serializers.getRun[200](toRun(row)) })
        : await collectRows<ResultRow>(ctx.db, list, {
            ...limits,
            toText: (row) => serializers.getResult[200](toResult(row)),
          })
    const pagination = JSON.stringify(paginationOf(list.page, totalItems))
    return rawJson(`{"${order.table}": [${text}], "pagination": ${pagination}}`)
  },
}
