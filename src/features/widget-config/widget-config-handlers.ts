import sql, { raw } from 'sql-template-tag'
import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { parseFilters } from '../../filters/grammar.ts'
import { compileScope } from '../../filters/scope.ts'
import { tables } from '../../filters/tables.ts'
import { listRows } from '../../pages/list-rows.ts'
import { pageOf, paginationOf } from '../../pages/page.ts'
import { changeWidgetConfig, createWidgetConfig, withKnownParams } from './widget-config-service.ts'
import { deleteWidgetConfig, type WidgetConfigRow, widgetConfigColumns } from './widget-config-sql.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getWidgetConfigList' | 'addWidgetConfig' | 'getWidgetConfig' | 'updateWidgetConfig' | 'deleteWidgetConfig'
>

export const widgetConfigHandlers: Handlers = {
  async getWidgetConfigList(ctx, { query, subject: scope }) {
    const page = pageOf(query)
    const filters = parseFilters(query.filter ?? [])
    const column = raw('widget_configs.project_id')
    const { rows, totalItems } = await listRows<WidgetConfigRow>(ctx.db, {
      columns: widgetConfigColumns,
      from: raw('widget_configs'),
      // Without the filters: they may let widgets without a project through beside the named one.
      where: sql`(${column} is null or ${compileScope(column, scope)}) and ${compileFilters(tables.widget_configs, filters)}`,
      orderBy: raw('weight, id'),
      page,
      filters,
    })
    return { status: 200, body: { widgets: rows, pagination: paginationOf(page, totalItems) } }
  },

  async addWidgetConfig(ctx, { body, subject: place }) {
    return { status: 201, body: await createWidgetConfig(ctx, body, place) }
  },

  async getWidgetConfig(_ctx, { subject: config }) {
    return { status: 200, body: withKnownParams(config) }
  },

  async updateWidgetConfig(ctx, { params, body, subject: place }) {
    return { status: 200, body: await changeWidgetConfig(ctx, params.id, body, place) }
  },

  async deleteWidgetConfig(ctx, { subject: config }) {
    await deleteWidgetConfig(ctx.db, config.id)
    return { status: 200, body: 'OK' }
  },
}
