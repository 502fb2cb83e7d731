import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { answerWidget } from '../../widgets/answer-widget.ts'
import { widgetTypes } from '../../widgets/widget-types.ts'

type Handlers = Pick<OperationHandlers<AppContext, Extras>, 'getWidgetTypes' | 'getWidget'>

export const widgetHandlers: Handlers = {
  async getWidgetTypes(_ctx, { query }) {
    const types = widgetTypes.filter(({ type }) => !query.type || type === query.type)
    // One page whatever there is: the page is as large as the list (widgets.md 2).
    const pagination = { page: 1, pageSize: types.length, totalItems: types.length, totalPages: 1 }
    return { status: 200, body: { types, pagination } }
  },

  async getWidget(ctx, { params, rawQuery, subject: scope }) {
    const body = await answerWidget(ctx, params.id, rawQuery, scope)
    // The original names the type even of an answer without a body (recorded).
    return body === null ? { status: 204, headers: { 'content-type': 'application/json' } } : { status: 200, body }
  },
}
