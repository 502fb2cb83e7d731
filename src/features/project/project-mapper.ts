import type { components } from '../../../generated/types.ts'
import type { ProjectRow } from './project-sql.ts'

export type Project = components['schemas']['Project']

/** A row as the API shows it: `defaultDashboard` and `owner` only where there is one (data-model.md 4). */
export function toProject(row: ProjectRow): Project {
  const { id, name, title, owner_id, group_id, default_dashboard_id } = row
  return {
    id,
    name,
    title,
    owner_id,
    group_id,
    default_dashboard_id,
    users: JSON.parse(row.users),
    ...(row.default_dashboard ? { defaultDashboard: JSON.parse(row.default_dashboard) } : {}),
    ...(row.owner ? { owner: JSON.parse(row.owner) } : {}),
  }
}
