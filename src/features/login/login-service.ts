import type { components } from '../../../generated/types.ts'
import { changeAccess } from '../../access/access-changes.ts'
import type { AppContext } from '../../context.ts'
import { withTransaction } from '../../db/transaction.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { fail } from '../../errors.ts'
import { newId } from '../../ids/uuid.ts'
import { EMAIL_INDEX, endLogins, findUserByEmail, insertUser } from '../user/user-sql.ts'
import { checkAccountCode, createAccountCode } from './account-code.ts'
import { type AccountMail, announceAccountMail, enqueueAccountMail } from './account-mail.ts'
import { limitAttempt } from './attempt-limits.ts'
import { activateByCode, findCredentials, giveResetCode, isKnownCode, setPasswordByCode } from './login-sql.ts'
import { issueLoginToken } from './login-token.ts'
import { hashPassword, isPasswordTooLong, verifyPassword } from './password.ts'

type LoginToken = components['schemas']['LoginToken']
type Credentials = components['schemas']['Credentials']

/**
 * Logs in with a password from a client's address; the order of refusals is access.md 2's. Superadmins may always, others only where
 * USER_LOGIN_ENABLED says so.
 *
 * @throws ApiError `login_empty`, `too_many_attempts`, `login_invalid`, `login_disabled`, `login_inactive`.
 */
export async function logIn(ctx: AppContext, { email, password }: Credentials, client: string): Promise<LoginToken> {
  if (password === '') throw fail('login_empty')
  const forget = await limitAttempt(ctx, 'login', email, client)
  const { userLoginEnabled } = ctx.config
  const account = await findCredentials(ctx.db, email)
  const isRight = await verifyPassword(ctx, password, account?.password_hash ?? null)
  const isAllowed = userLoginEnabled || account?.is_superadmin
  if (!account || !isRight || !isAllowed) throw fail(userLoginEnabled ? 'login_invalid' : 'login_disabled')
  // Whoever knows the password is not guessing.
  await forget()
  if (!account.is_active) throw fail('login_inactive')
  return { name: account.name, email: account.email, token: await issueLoginToken(ctx, account) }
}

/**
 * Whether these are the credentials of an active superadmin, for pages that ask by HTTP Basic. Counts like a login.
 *
 * @throws ApiError `too_many_attempts`.
 */
export async function checkSuperadmin(
  ctx: AppContext,
  { email, password }: Credentials,
  client: string,
): Promise<boolean> {
  const forget = await limitAttempt(ctx, 'login', email, client)
  const account = await findCredentials(ctx.db, email)
  const isRight = await verifyPassword(ctx, password, account?.password_hash ?? null)
  if (!account || !isRight) return false
  await forget()
  return account.is_active && account.is_superadmin
}

/**
 * Makes an account that is not active yet, and lets its address know the link that activates it.
 *
 * @throws ApiError `login_empty`, `password_too_long`, `too_many_attempts`, `email_taken`.
 */
export async function registerAccount(
  ctx: AppContext,
  { email, password }: Credentials,
  client: string,
): Promise<void> {
  if (password === '') throw fail('login_empty')
  if (isPasswordTooLong(password)) throw fail('password_too_long')
  await limitAttempt(ctx, 'register', email, client)
  if (await findUserByEmail(ctx.db, email)) throw fail('email_taken', { email })
  const code = createAccountCode()
  const secrets = { passwordHash: await hashPassword(ctx, password), activationCode: code }
  const row = { id: newId(), email, name: null, is_superadmin: false, is_active: false, group_id: null }
  const mail: AccountMail = { kind: 'activation', email }
  const mailId = newId()
  try {
    await withTransaction(ctx, async (tx) => {
      const taken = await findUserByEmail(tx, email)
      // A second try after a lost answer finds the account of the first.
      if (taken && taken.id !== row.id) throw fail('email_taken', { email })
      if (!taken) await insertUser(tx, row, secrets)
      await enqueueAccountMail(ctx, tx, mailId, mail)
    })
  } catch (error) {
    // Somebody else took the address between the look and the insert.
    throw violatedConstraint(error) === EMAIL_INDEX ? fail('email_taken', { email }) : error
  }
  announceAccountMail(ctx, mail, code)
}

/**
 * Activates the account of a mailed code. False when no account has it, or not any more.
 *
 * @throws ApiError `code_malformed`.
 */
export async function activateAccount(ctx: AppContext, code: string): Promise<boolean> {
  checkAccountCode(code)
  return changeAccess(ctx, (tx) => activateByCode(tx, code))
}

/**
 * Lets an address know a link for a new password, when an account has it; the caller learns nothing (D19).
 *
 * @throws ApiError `too_many_attempts`.
 */
export async function recoverAccount(ctx: AppContext, email: string, client: string): Promise<void> {
  await limitAttempt(ctx, 'recover', email, client)
  const mail: AccountMail = { kind: 'recovery', email }
  const mailId = newId()
  const newCode = createAccountCode()
  const code = await withTransaction(ctx, async (tx) => {
    const given = await giveResetCode(tx, email, newCode)
    await enqueueAccountMail(ctx, tx, mailId, mail)
    return given
  })
  announceAccountMail(ctx, mail, code)
}

/**
 * Sets a new password by a mailed code and ends every login of the account (D24).
 *
 * @throws ApiError `not_found` (no code), `code_malformed`, `bad_request` (no password), `password_too_long`,
 *   `code_unknown`.
 */
export async function resetPassword(ctx: AppContext, code: string, password: string): Promise<void> {
  if (code === '') throw fail('not_found')
  checkAccountCode(code)
  if (password === '') throw fail('bad_request')
  if (isPasswordTooLong(password)) throw fail('password_too_long')
  if (!(await isKnownCode(ctx.db, code))) throw fail('code_unknown')
  const passwordHash = await hashPassword(ctx, password)
  await changeAccess(ctx, async (tx) => {
    const userId = await setPasswordByCode(tx, code, passwordHash)
    if (!userId) throw fail('code_unknown')
    await endLogins(tx, userId)
  })
}
