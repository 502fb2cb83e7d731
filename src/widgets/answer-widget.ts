import type { ProjectScope } from '../access/caller.ts'
import type { AppContext } from '../context.ts'
import { readParams } from './params.ts'
import { type WidgetId, widgets } from './registry.ts'
import type { WidgetAnswer } from './widget.ts'
import { findWidgetType } from './widget-types.ts'

/**
 * Computes a widget from the query of a request, within a scope. Null is "there is nothing to show".
 * @throws ApiError unknown_widget_parameters, widget_parameter, invalid_group_field, invalid_filter, statement_timeout
 */
export async function answerWidget(
  ctx: AppContext,
  id: WidgetId,
  query: URLSearchParams,
  scope: ProjectScope,
): Promise<WidgetAnswer | null> {
  const type = findWidgetType(id)
  if (!type) throw new Error(`${id} is not in the list of types`)
  const params = readParams(type, query)
  const { mandatory, answer } = widgets[id]
  const missing = mandatory.filter((name) => !params.has(name))
  if (missing.length > 0) throw params.refuse(`missing: ${missing.join(', ')}`)
  return answer(ctx, { params, scope })
}
