import type { AppContext } from '../context.ts'
import { fail } from '../errors.ts'
import { parseUuid } from '../ids/uuid.ts'
import type { Caller } from './caller.ts'
import { findAccount } from './caller-sql.ts'
import { verifyToken } from './tokens.ts'

/**
 * The account that an Authorization header stands for (access.md 1): scheme in any case, any run of blanks, all that
 * follows is the token.
 *
 * @throws ApiError with status 401 when there is none: no or a malformed header, a token that is malformed, expired,
 *   deleted, older than the account's last password reset, or of an account that is deactivated or gone (D2, D24).
 */
export function identifyCaller(ctx: AppContext, authorization: string | undefined): Promise<Caller> {
  const token = bearerToken(authorization)
  return ctx.callers.find(token, ctx.clock.now().getTime(), () => lookUpCaller(ctx, token))
}

async function lookUpCaller(ctx: AppContext, token: string): Promise<Caller> {
  const claims = await verifyToken(ctx, token)
  const userId = parseUuid(claims.userId)
  const account = userId ? await findAccount(ctx.db, userId, token) : undefined
  if (!account?.isActive) throw fail('revoked_token')
  if (claims.use === 'api' ? !account.hasToken : claims.generation !== account.generation) throw fail('revoked_token')
  return account.caller
}

function bearerToken(authorization: string | undefined): string {
  if (!authorization) throw fail('no_token')
  const match = /^(\S+)\s+(.+)$/s.exec(authorization.trim())
  if (!match?.[1] || !match[2]) throw fail('invalid_authorization_header')
  if (match[1].toLowerCase() !== 'bearer') throw fail('no_token')
  return match[2]
}
