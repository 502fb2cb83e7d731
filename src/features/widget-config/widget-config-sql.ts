import { raw, type Sql } from 'sql-template-tag'
import type { Queryable } from '../../db/queryable.ts'
import type { RawJson } from '../../json/raw-json.ts'

/** A row of `widget_configs`; `params` is PostgreSQL's text. */
export interface WidgetConfigRow {
  id: string
  project_id: string | null
  dashboard_id: string | null
  title: string | null
  type: string | null
  weight: number | null
  widget: string | null
  params: RawJson | null
  navigable: boolean | null
}

const columns = 'id, project_id, dashboard_id, title, type, weight, widget, params, navigable'
/** As they are read: an adopted row may hold a JSON null or list as its parameters, which stands for none. */
const shown = columns.replace(', params,', `, case jsonb_typeof(params) when 'object' then params end as params,`)
export const widgetConfigColumns: Sql = raw(shown)

/** One placed widget by its id. */
export async function findWidgetConfig(db: Queryable, id: string): Promise<WidgetConfigRow | undefined> {
  const { rows } = await db.query<WidgetConfigRow>({
    text: `select ${shown} from widget_configs where id = $1`,
    values: [id],
  })
  return rows[0]
}

/** The same, locked until the transaction ends. */
export async function lockWidgetConfig(tx: Queryable, id: string): Promise<WidgetConfigRow | undefined> {
  const { rows } = await tx.query<WidgetConfigRow>({
    text: `select ${shown} from widget_configs where id = $1 for update`,
    values: [id],
  })
  return rows[0]
}

/** Stores a placed widget; false when its id is taken. */
export async function insertWidgetConfig(db: Queryable, row: WidgetConfigRow): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into widget_configs (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (id) do nothing`,
    values: values(row),
  })
  return rowCount === 1
}

/** Writes all columns of a placed widget. */
export async function updateWidgetConfig(tx: Queryable, row: WidgetConfigRow): Promise<void> {
  await tx.query({
    text: `update widget_configs set project_id = $2, dashboard_id = $3, title = $4, type = $5, weight = $6, widget = $7,
      params = $8, navigable = $9 where id = $1`,
    values: values(row),
  })
}

/** Removes a placed widget. */
export async function deleteWidgetConfig(db: Queryable, id: string): Promise<void> {
  await db.query({ text: 'delete from widget_configs where id = $1', values: [id] })
}

function values(row: WidgetConfigRow): unknown[] {
  const { id, project_id, dashboard_id, title, type, weight, widget, params, navigable } = row
  return [id, project_id, dashboard_id, title, type, weight, widget, params, navigable]
}
