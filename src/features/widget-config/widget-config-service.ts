import type { components } from '../../../generated/types.ts'
import type { AppContext } from '../../context.ts'
import { withTransaction } from '../../db/transaction.ts'
import { fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { newId } from '../../ids/uuid.ts'
import { isRecord } from '../../json/json-record.ts'
import { parseStoredJson } from '../../json/parse-json.ts'
import type { RawJson } from '../../json/raw-json.ts'
import { stringifyJson } from '../../json/raw-number.ts'
import { knownParams } from '../../widgets/widget-params.ts'
import { findWidgetType } from '../../widgets/widget-types.ts'
import type { WidgetPlace } from './widget-config-access.ts'
import { insertWidgetConfig, lockWidgetConfig, updateWidgetConfig, type WidgetConfigRow } from './widget-config-sql.ts'

type WidgetConfigInput = components['schemas']['WidgetConfigInput']

/** What a widget weighs whose weight nobody chose. */
const DEFAULT_WEIGHT = 10

/**
 * Places a widget (data-model.md 5.5).
 *
 * @throws ApiError `unknown_widget_type`, `id_taken`, `invalid_uuid`.
 */
export async function createWidgetConfig(
  ctx: AppContext,
  body: WidgetConfigInput,
  place: WidgetPlace,
): Promise<WidgetConfigRow> {
  const { widget } = body
  if (!widget || !findWidgetType(widget)) throw fail('unknown_widget_type')
  const type = body.type ?? null
  const row: WidgetConfigRow = {
    id: body.id === undefined ? newId() : requiredUuid('id', body.id),
    project_id: place.projectId ?? null,
    dashboard_id: place.dashboardId ?? null,
    title: body.title ?? null,
    type,
    weight: body.weight || DEFAULT_WEIGHT,
    widget,
    params: body.params ? stringifyJson(knownParams(widget, body.params)) : null,
    navigable: readNavigable(body.navigable) ?? (type === 'view' ? true : null),
  }
  if (!(await insertWidgetConfig(ctx.db, row))) throw fail('id_taken', { what: 'Widget config', id: row.id })
  return row
}

/**
 * Changes what the body names and leaves the rest; `params` is replaced whole.
 *
 * @throws ApiError `unknown_widget_type`, `widget_config_not_found` when it went meanwhile.
 */
export async function changeWidgetConfig(
  ctx: AppContext,
  id: string,
  body: WidgetConfigInput,
  place: WidgetPlace,
): Promise<WidgetConfigRow> {
  if (body.widget && !findWidgetType(body.widget)) throw fail('unknown_widget_type')
  return withTransaction(ctx, async (tx) => {
    const stored = await lockWidgetConfig(tx, id)
    if (!stored) throw fail('widget_config_not_found')
    const widget = body.widget ?? stored.widget
    const type = body.type ?? stored.type
    const navigable = body.navigable === undefined ? stored.navigable : readNavigable(body.navigable)
    const row: WidgetConfigRow = {
      id,
      project_id: place.projectId ?? stored.project_id,
      dashboard_id: place.dashboardId === undefined ? stored.dashboard_id : place.dashboardId,
      title: body.title ?? stored.title,
      type,
      weight: body.weight ?? (stored.weight || DEFAULT_WEIGHT),
      widget,
      params: body.params ? stringifyJson(knownParams(widget ?? '', body.params)) : stored.params,
      navigable: navigable ?? (type === 'view' ? true : null),
    }
    await updateWidgetConfig(tx, row)
    return row
  })
}

/** A stored row as it is shown alone: without parameters that its type does not know (any more). */
export function withKnownParams(row: WidgetConfigRow): WidgetConfigRow {
  const params: unknown = row.params === null ? null : parseStoredJson(row.params)
  if (!row.widget || !isRecord(params)) return row
  const known: RawJson = stringifyJson(knownParams(row.widget, params))
  return { ...row, params: known }
}

/** As a text it is true when it begins with a lower-case y, t or 1. */
function readNavigable(value: boolean | string | null | undefined): boolean | null {
  return typeof value === 'string' ? /^[yt1]/.test(value) : (value ?? null)
}
