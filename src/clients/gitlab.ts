import { type CodeGrant, type CodeProvider, exchangeCode, membersOf } from './code-exchange.ts'
import { type Identity, identityOf } from './identity.ts'
import type { OutgoingHttp } from './outgoing-http.ts'

/**
 * Whom a GitLab vouches for. `email` is the primary address; an account whose first address was never confirmed has no
 * `confirmed_at`, and a new address replaces `email` only once it is confirmed. Its OpenID answer says `email_verified`.
 */
export async function identifyAtGitlab(
  http: OutgoingHttp,
  provider: CodeProvider,
  grant: CodeGrant,
): Promise<Identity> {
  const read = await exchangeCode(http, provider, grant)
  const user = membersOf(await read(provider.userUrl))
  const isVerified = typeof user.confirmed_at === 'string' || user.email_verified === true
  return identityOf(user.email, isVerified, user.name)
}
