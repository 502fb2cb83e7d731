import { type CodeGrant, type CodeProvider, exchangeCode, membersOf } from './code-exchange.ts'
import { type Identity, identityOf } from './identity.ts'
import type { OutgoingHttp } from './outgoing-http.ts'

/**
 * Whom GitHub vouches for. Its user data hold the address that the profile shows, if any; only the list of addresses says
 * which are verified. The shown one counts, else the primary, else the first that is verified (access.md 3.2).
 */
export async function identifyAtGithub(
  http: OutgoingHttp,
  provider: CodeProvider,
  grant: CodeGrant,
): Promise<Identity> {
  const read = await exchangeCode(http, provider, grant)
  const user = membersOf(await read(provider.userUrl))
  const listed = await read(`${provider.userUrl.replace(/\/+$/, '')}/emails`)
  const emails = (Array.isArray(listed) ? listed : []).map(membersOf)
  const verified = emails.filter((entry) => entry.verified === true)
  const chosen =
    verified.find((entry) => entry.email === user.email) ??
    verified.find((entry) => entry.primary === true) ??
    verified[0]
  return identityOf(chosen?.email ?? emails[0]?.email, chosen !== undefined, user.name)
}
