import type { components } from '../../../generated/types.ts'
import type { UserRow } from './user-sql.ts'

export type User = components['schemas']['User']

/** An account as the API shows it, also inside of projects: never with a secret (D1). */
export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    is_superadmin: row.is_superadmin,
    is_active: row.is_active,
    group_id: row.group_id,
  }
}
