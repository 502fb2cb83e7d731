import { raw, type Sql } from 'sql-template-tag'
import type { Queryable } from '../../db/queryable.ts'

/** The name of the row that holds an account's newest login; API tokens can't have it (D42). */
export const LOGIN_TOKEN = 'login-token'

/** A row of `tokens`; the moment is PostgreSQL's text. */
export interface TokenRow {
  id: string
  name: string
  token: string
  expires: string | null
  user_id: string | null
  /** Where runs and results go that name no project; null: nowhere. */
  default_project_id: string | null
}

const columns = 'id, name, token, expires, user_id'
const shown = `${columns}, (select d.project_id from token_projects d where d.token_id = tokens.id) as default_project_id`
export const tokenColumns: Sql = raw(shown)

/** One token by its id. */
export async function findToken(db: Queryable, id: string): Promise<TokenRow | undefined> {
  const { rows } = await db.query<TokenRow>({ text: `select ${shown} from tokens where id = $1`, values: [id] })
  return rows[0]
}

/** Stores an API token with its default project; false when its id is taken, unless by this very token (our second try after a lost answer). */
export async function insertToken(db: Queryable, row: TokenRow): Promise<boolean> {
  const { rows } = await db.query({
    text: `with inserted as (
        insert into tokens (${columns}) values ($1, $2, $3, $4, $5) on conflict (id) do nothing returning id),
      placed as (
        insert into token_projects (token_id, project_id) select id, $6 from inserted where $6::uuid is not null)
      select id from inserted
      union all select id from tokens where id = $1 and token = $3 and name = $2 and user_id = $5`,
    values: [row.id, row.name, row.token, row.expires, row.user_id, row.default_project_id],
  })
  return rows.length > 0
}

/** Deletes a token. */
export async function deleteTokenRow(tx: Queryable, id: string): Promise<void> {
  await tx.query({ text: 'delete from tokens where id = $1', values: [id] })
}

/**
 * Puts an account's newest login in its row of that name, which is made when there is none. An adopted database may
 * hold two (D42): the one without an end is the login's. The account's row must be locked, or two logins make two rows.
 */
export async function storeLoginToken(
  tx: Queryable,
  row: { id: string; userId: string; token: string },
): Promise<void> {
  await tx.query({
    text: `with kept as (
        update tokens set token = $3, expires = null
        where id = (select id from tokens where user_id = $2 and name = '${LOGIN_TOKEN}'
                    order by expires is null desc, id limit 1)
        returning id)
      insert into tokens (id, name, token, user_id)
      select $1, '${LOGIN_TOKEN}', $3, $2 where not exists (select from kept)`,
    values: [row.id, row.userId, row.token],
  })
}
