import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import { allowInsecureRequests, customFetch, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi'
import { type Identity, IdentityRefused, identityOf } from './identity.ts'
import type { OutgoingHttp } from './outgoing-http.ts'

export interface GoogleClient {
  /** Where Google's metadata and keys are found, and the `iss` of its ID tokens. */
  readonly issuer: string
  readonly clientId: string
}

/**
 * Whom an ID token of Google vouches for (access.md 3.1): signed by one of Google's keys, for this client, not expired.
 * What a stranger could have made up is refused before Google is asked for anything.
 *
 * @param now the moment that counts.
 * @throws Error when the token is refused or Google cannot be reached.
 */
export async function identifyAtGoogle(
  http: OutgoingHttp,
  { issuer, clientId }: GoogleClient,
  idToken: string,
  now: Date,
): Promise<Identity> {
  // Google leaves the scheme out in some tokens.
  const issuers = [issuer, issuer.replace(/^https:\/\//, '')]
  const claims = decodeJwt(idToken)
  const isForUs = [claims.aud].flat().includes(clientId) && issuers.includes(claims.iss ?? '')
  if (!isForUs) throw new IdentityRefused('the ID token is not from this issuer for this client')
  const keys = createLocalJWKSet(await fetchKeys(http, issuer))
  const { payload } = await jwtVerify(idToken, keys, {
    issuer: issuers,
    audience: clientId,
    algorithms: ['RS256', 'ES256', 'PS256'],
    requiredClaims: ['exp', 'iat', 'sub'],
    currentDate: now,
  })
  return identityOf(payload.email, payload.email_verified === true, payload.name)
}

async function fetchKeys(http: OutgoingHttp, issuer: string): Promise<JSONWebKeySet> {
  const url = new URL(issuer)
  const answer = await discoveryRequest(url, {
    [allowInsecureRequests]: true,
    [customFetch]: (address, { headers }) => http.fetch(address, { headers }),
  })
  const { jwks_uri } = await processDiscoveryResponse(url, answer)
  if (!jwks_uri) throw new IdentityRefused('the issuer names no keys')
  const keys = await http.fetch(jwks_uri, { headers: { accept: 'application/json' } })
  if (keys.status !== 200) throw new IdentityRefused(`${jwks_uri} answered ${keys.status}`)
  return (await keys.json()) as JSONWebKeySet
}
