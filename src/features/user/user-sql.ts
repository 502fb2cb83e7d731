import sql, { type Sql } from 'sql-template-tag'
import type { Queryable } from '../../db/queryable.ts'

/** A row of `users` without its secrets: those are read by name where they are checked, and never with the rest (D1). */
export interface UserRow {
  id: string
  email: string
  name: string | null
  is_superadmin: boolean
  is_active: boolean
  group_id: string | null
}

const columns = 'id, email, name, is_superadmin, is_active, group_id'
export const userColumns: Sql = sql`id, email, name, is_superadmin, is_active, group_id`

/** What PostgreSQL names when an address is taken. */
export const EMAIL_INDEX = 'ix_users_email'

/** One account by its id. */
export async function findUser(db: Queryable, id: string): Promise<UserRow | undefined> {
  const { rows } = await db.query<UserRow>({
    name: 'find-user',
    text: `select ${columns} from users where id = $1`,
    values: [id],
  })
  return rows[0]
}

/** One account, locked until the transaction ends. */
export async function lockUser(tx: Queryable, id: string): Promise<UserRow | undefined> {
  const { rows } = await tx.query<UserRow>({
    text: `select ${columns} from users where id = $1 for no key update`,
    values: [id],
  })
  return rows[0]
}

/** One account by its address, letter by letter. */
export async function findUserByEmail(db: Queryable, email: string): Promise<UserRow | undefined> {
  const { rows } = await db.query<UserRow>({ text: `select ${columns} from users where email = $1`, values: [email] })
  return rows[0]
}

/** What a new account has besides its visible columns; null is "none". */
export interface AccountSecrets {
  readonly passwordHash: string | null
  readonly activationCode?: string
}

/** Stores a new account. A taken address or id, or an unknown group, is PostgreSQL's error. */
export async function insertUser(tx: Queryable, row: UserRow, secrets: AccountSecrets): Promise<void> {
  await tx.query({
    text: `insert into users (${columns}, _password, activation_code) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      row.id,
      row.email,
      row.name,
      row.is_superadmin,
      row.is_active,
      row.group_id,
      secrets.passwordHash,
      secrets.activationCode ?? null,
    ],
  })
}

/** Gives an account another name. */
export async function renameUser(tx: Queryable, id: string, name: string | null): Promise<UserRow | undefined> {
  const { rows } = await tx.query<UserRow>({
    text: `update users set name = $2 where id = $1 returning ${columns}`,
    values: [id, name],
  })
  return rows[0]
}

/** Ends every login of an account that was made before (D24). */
export async function endLogins(tx: Queryable, userId: string): Promise<void> {
  await tx.query({
    text: `insert into login_generations (user_id, generation) values ($1, 1)
      on conflict (user_id) do update set generation = login_generations.generation + 1`,
    values: [userId],
  })
}
