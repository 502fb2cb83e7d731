import { signToken } from '../../access/tokens.ts'
import type { AppContext } from '../../context.ts'
import { withTransaction } from '../../db/transaction.ts'
import { fail } from '../../errors.ts'
import { newId } from '../../ids/uuid.ts'
import { storeLoginToken } from '../user/token-sql.ts'
import { lockUser } from '../user/user-sql.ts'

/**
 * Makes the token of a login (access.md 1): whole seconds, ends by itself or with the next password reset (D24).
 * Earlier logins stay valid; the account's `login-token` row shows the newest, as Ibutsu would find it.
 */
export async function issueLoginToken(
  ctx: AppContext,
  account: { readonly id: string; readonly generation: number },
): Promise<string> {
  const now = Math.floor(ctx.clock.now().getTime() / 1000)
  const expires = now + ctx.config.jwtLifetimeSeconds
  const token = await signToken(ctx, { userId: account.id, use: 'login', generation: account.generation, expires })
  const id = newId()
  await withTransaction(ctx, async (tx) => {
    if (!(await lockUser(tx, account.id))) throw fail('login_invalid')
    await storeLoginToken(tx, { id, userId: account.id, token })
  })
  return token
}
