import { changeAccess } from '../../access/access-changes.ts'
import { ConfigError } from '../../config.ts'
import type { AppContext } from '../../context.ts'
import type { Queryable } from '../../db/queryable.ts'
import { newId } from '../../ids/uuid.ts'
import { settings } from '../../settings.ts'
import { hashPassword, isPasswordTooLong } from '../login/password.ts'
import { findUserByEmail, insertUser } from '../user/user-sql.ts'

/** An arbitrary number, the same in every release: of the processes that start at once, one makes the account. */
const LOCK_KEY = 7_420_651_310

/**
 * Makes the superadmin that the settings name, at every start (access.md 4): one that is a superadmin already stays as
 * it is, an ordinary account becomes one, an absent one is made active with name and password. The last two also get
 * the project of IBUTSU_SUPERADMIN_OWN_PROJECT, as owner only.
 *
 * @throws ConfigError naming the variable that is missing or can't be used.
 */
export async function seedSuperadmin(ctx: AppContext): Promise<void> {
  const email = superadminEmail(ctx)
  if (email === undefined) return
  // Most starts end here, and write nothing: the database may be a standby.
  if ((await findUserByEmail(ctx.db, email))?.is_superadmin) return
  const ids = { user: newId(), project: newId() }
  const outcome = await changeAccess(ctx, async (tx) => {
    await tx.query({ text: `select pg_advisory_xact_lock(${LOCK_KEY})` })
    const account = await findUserByEmail(tx, email)
    if (account?.is_superadmin) return null
    if (account) await tx.query({ text: 'update users set is_superadmin = true where id = $1', values: [account.id] })
    else await insertSuperadmin(ctx, tx, ids.user, email)
    await ensureProject(ctx, tx, ids.project, account?.id ?? ids.user)
    return account ? 'promoted' : 'made'
  })
  if (outcome) ctx.log.info({ email }, `the superadmin was ${outcome}`)
}

/** The address to seed; undefined when nothing about a superadmin is set. */
function superadminEmail({ config }: AppContext): string | undefined {
  const { superadminEmail: email, superadminPassword, superadminProject, superadminName } = config
  if (email) return email
  const isNamed = superadminName !== settings.superadminName.fallback
  if (superadminPassword === undefined && superadminProject === undefined && !isNamed && email === undefined) {
    return undefined
  }
  throw new ConfigError('IBUTSU_SUPERADMIN_EMAIL must be set where another IBUTSU_SUPERADMIN_ setting is')
}

async function insertSuperadmin(ctx: AppContext, tx: Queryable, id: string, email: string): Promise<void> {
  const { superadminPassword: password, superadminName: name } = ctx.config
  // Logging in asks for an address with an "@".
  if (!email.includes('@')) throw new ConfigError(`IBUTSU_SUPERADMIN_EMAIL must be an address, not "${email}"`)
  if (!password) throw new ConfigError('IBUTSU_SUPERADMIN_PASSWORD must be set for a superadmin that is made new')
  if (isPasswordTooLong(password)) throw new ConfigError('IBUTSU_SUPERADMIN_PASSWORD must be at most 72 bytes long')
  const row = { id, email, name, is_superadmin: true, is_active: true, group_id: null }
  await insertUser(tx, row, { passwordHash: await hashPassword(ctx, password) })
}

async function ensureProject(ctx: AppContext, tx: Queryable, id: string, ownerId: string): Promise<void> {
  const name = ctx.config.superadminProject
  if (!name) return
  await tx.query({
    text: `insert into projects (id, name, title, owner_id) select $1::uuid, $2::text, $2::text, $3::uuid
      where not exists (select from projects where name = $2::text and owner_id = $3::uuid)`,
    values: [id, name, ownerId],
  })
}
