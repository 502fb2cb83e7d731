import { raw, type Sql } from 'sql-template-tag'
import type { Queryable } from '../../db/queryable.ts'

/** A row of `dashboards`. */
export interface DashboardRow {
  id: string
  title: string | null
  description: string | null
  filters: string | null
  project_id: string | null
  user_id: string | null
}

const columns = 'id, title, description, filters, project_id, user_id'
export const dashboardColumns: Sql = raw(columns)

/** One dashboard by its id. */
export async function findDashboard(db: Queryable, id: string): Promise<DashboardRow | undefined> {
  const { rows } = await db.query<DashboardRow>({
    text: `select ${columns} from dashboards where id = $1`,
    values: [id],
  })
  return rows[0]
}

/** Stores a dashboard; false when its id is taken. */
export async function insertDashboard(db: Queryable, row: DashboardRow): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into dashboards (${columns}) values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`,
    values: values(row),
  })
  return rowCount === 1
}

/** Writes the columns that are given; null clears one, a missing one stays. Undefined when the dashboard is gone. */
export async function updateDashboard(
  db: Queryable,
  id: string,
  changes: Partial<Omit<DashboardRow, 'id'>>,
): Promise<DashboardRow | undefined> {
  const names = Object.keys(changes) as (keyof typeof changes)[]
  if (names.length === 0) return findDashboard(db, id)
  const { rows } = await db.query<DashboardRow>({
    text: `update dashboards set ${names.map((name, n) => `${name} = $${n + 2}`).join(', ')}
      where id = $1 returning ${columns}`,
    values: [id, ...names.map((name) => changes[name])],
  })
  return rows[0]
}

/** The projects that have widgets on a dashboard, or open with it. */
export async function findProjectsUsing(db: Queryable, id: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    text: `select project_id as id from widget_configs where dashboard_id = $1 and project_id is not null
      union select id from projects where default_dashboard_id = $1`,
    values: [id],
  })
  return rows.map((row) => row.id)
}

/** Deletes a dashboard with its widgets; projects that open with it open without one (data-model.md 1). */
export async function deleteDashboard(tx: Queryable, id: string): Promise<void> {
  for (const text of [
    'update projects set default_dashboard_id = null where default_dashboard_id = $1',
    'delete from widget_configs where dashboard_id = $1',
    'delete from dashboards where id = $1',
  ]) {
    await tx.query({ text, values: [id] })
  }
}

function values({ id, title, description, filters, project_id, user_id }: DashboardRow): unknown[] {
  return [id, title, description, filters, project_id, user_id]
}
