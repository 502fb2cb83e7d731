import type { Queryable } from '../db/queryable.ts'
import type { Caller, CallerProject } from './caller.ts'

interface CallerRow {
  id: string
  email: string
  name: string | null
  is_superadmin: boolean
  is_active: boolean
  generation: number
  has_token: boolean
  default_project_id: string | null
  projects: string | null
}

/** An account with what decides over a token: whether it is active, its generation, whether the token has a row. */
export interface AccountState {
  readonly caller: Caller
  readonly isActive: boolean
  readonly generation: number
  readonly hasToken: boolean
}

/** Looks an account up, with its projects as member or owner (D37), whether it has this API token, and that one's project. */
export async function findAccount(db: Queryable, userId: string, token: string): Promise<AccountState | undefined> {
  const { rows } = await db.query<CallerRow>({
    name: 'find-account',
    byKey: true,
    text: `select u.id, u.email, u.name, u.is_superadmin, u.is_active,
        coalesce((select g.generation from login_generations g where g.user_id = u.id), 0) as generation,
        exists (select from tokens t where t.user_id = u.id and t.token = $2 and t.name <> 'login-token') as has_token,
        (select d.project_id from token_projects d join tokens t on t.id = d.token_id
          where t.user_id = u.id and t.token = $2) as default_project_id,
        (select json_agg(json_build_array(p.id, p.name, p.owner_id is not distinct from u.id))
           from projects p
          where p.owner_id = u.id
             or p.id in (select m.project_id from users_projects m where m.user_id = u.id)) as projects
      from users u where u.id = $1`,
    values: [userId, token],
  })
  const row = rows[0]
  if (!row) return undefined
  const projects: [string, string | null, boolean][] = JSON.parse(row.projects ?? '[]')
  return {
    caller: {
      id: row.id,
      email: row.email,
      name: row.name,
      isSuperadmin: row.is_superadmin,
      projects: new Map(projects.map(([id, name, owned]): [string, CallerProject] => [id, { id, name, owned }])),
      defaultProjectId: row.default_project_id,
    },
    isActive: row.is_active,
    generation: row.generation,
    hasToken: row.has_token,
  }
}
