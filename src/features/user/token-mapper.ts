import type { components } from '../../../generated/types.ts'
import { formatTime } from '../../time/format-time.ts'
import type { OwnToken } from './token-access.ts'

export type Token = components['schemas']['Token']

/** A token as the API shows it to its owner, with the JWT itself; `default_project_id` only where there is one. */
export function toToken(row: OwnToken): Token {
  return {
    id: row.id,
    name: row.name,
    token: row.token,
    expires: row.expires === null ? null : formatTime(row.expires),
    user_id: row.user_id,
    ...(row.default_project_id ? { default_project_id: row.default_project_id } : {}),
  }
}
