import type { Queryable } from '../../db/queryable.ts'

/** What logging in asks of an account. */
export interface Credentials {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly is_superadmin: boolean
  readonly is_active: boolean
  readonly password_hash: string | null
  /** Password resets so far; read with the hash, so that a token never outlives the password that it was made for. */
  readonly generation: number
}

/** The credentials of an address, letter by letter. */
export async function findCredentials(db: Queryable, email: string): Promise<Credentials | undefined> {
  const { rows } = await db.query<Credentials>({
    name: 'find-credentials',
    text: `select u.id, u.email, u.name, u.is_superadmin, u.is_active, u._password as password_hash,
        coalesce((select g.generation from login_generations g where g.user_id = u.id), 0) as generation
      from users u where u.email = $1`,
    values: [email],
  })
  return rows[0]
}

/** Activates the account of a code and uses the code up. False when no account has it. */
export async function activateByCode(tx: Queryable, code: string): Promise<boolean> {
  const { rows } = await tx.query({
    text: 'update users set is_active = true, activation_code = null where activation_code = $1 returning id',
    values: [code],
  })
  return rows.length > 0
}

/**
 * Gives an account that forgot its password a code, and returns the one that counts; null when it gets none. One that
 * waits for its activation keeps its code, which does for both; one that was deactivated gets none, or it could
 * activate itself with it.
 */
export async function giveResetCode(db: Queryable, email: string, code: string): Promise<string | null> {
  const { rows } = await db.query<{ activation_code: string | null }>({
    text: `update users set activation_code = case when is_active then $2 else activation_code end
      where email = $1 returning activation_code`,
    values: [email, code],
  })
  return rows[0]?.activation_code ?? null
}

/** The code that an account waits with, if it does. */
export async function findCode(
  db: Queryable,
  email: string,
): Promise<{ activation_code: string; is_active: boolean } | undefined> {
  const { rows } = await db.query<{ activation_code: string; is_active: boolean }>({
    text: 'select activation_code, is_active from users where email = $1 and activation_code is not null',
    values: [email],
  })
  return rows[0]
}

/** Whether an account has this code. */
export async function isKnownCode(db: Queryable, code: string): Promise<boolean> {
  const { rows } = await db.query({ text: 'select from users where activation_code = $1', values: [code] })
  return rows.length > 0
}

/**
 * Sets the password of a code's account and uses the code up, but for an account that is not active yet: its mail's
 * link must still work. Gives the account's id, null when none has the code. Our second try after a lost commit finds
 * the account by the hash, which is like no other.
 */
export async function setPasswordByCode(tx: Queryable, code: string, passwordHash: string): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>({
    text: `update users set _password = $2, activation_code = case when is_active then null else activation_code end
      where activation_code = $1 or _password = $2 returning id`,
    values: [code, passwordHash],
  })
  return rows[0]?.id ?? null
}
