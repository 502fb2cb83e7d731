import { type CodeGrant, type CodeProvider, exchangeCode, membersOf } from './code-exchange.ts'
import { type Identity, identityOf } from './identity.ts'
import type { OutgoingHttp } from './outgoing-http.ts'

/** Whom a Keycloak realm vouches for; needs the scope `email`, which every client there has unless it was taken away. */
export async function identifyAtKeycloak(
  http: OutgoingHttp,
  provider: CodeProvider,
  grant: CodeGrant,
): Promise<Identity> {
  const read = await exchangeCode(http, provider, grant)
  const user = membersOf(await read(provider.userUrl))
  return identityOf(user.email, user.email_verified === true, user.name)
}
