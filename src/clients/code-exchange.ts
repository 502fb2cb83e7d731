import {
  type AuthorizationServer,
  allowInsecureRequests,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
  None,
  processGenericTokenEndpointResponse,
  protectedResourceRequest,
} from 'oauth4webapi'
import { IdentityRefused } from './identity.ts'
import type { OutgoingHttp } from './outgoing-http.ts'

/** An OAuth provider as its clients below know it. Addresses are absolute. */
export interface CodeProvider {
  /** The `iss` of ID tokens that come along. */
  readonly issuer: string
  readonly tokenUrl: string
  readonly userUrl: string
  readonly clientId: string
  /** None for public clients. */
  readonly clientSecret: string | undefined
  readonly redirectUri: string
  readonly verifyTls: boolean
}

export interface CodeGrant {
  readonly code: string
  /** The PKCE verifier, when the login was begun with one. */
  readonly verifier: string | undefined
}

/** Reads JSON of the provider with the token that the code gave. */
export type ReadResource = (url: string) => Promise<unknown>

/**
 * Exchanges a code for an access token (access.md 3.2). An ID token that comes along must be of this issuer, for this
 * client, and not expired; its nonce is the web page's own and stays unread. Addresses without TLS are as good as the
 * settings that name them.
 *
 * @throws Error when the provider refuses, says something else than OAuth allows, or cannot be reached.
 */
export async function exchangeCode(
  http: OutgoingHttp,
  provider: CodeProvider,
  grant: CodeGrant,
): Promise<ReadResource> {
  const server: AuthorizationServer = { issuer: provider.issuer, token_endpoint: provider.tokenUrl }
  const client = { client_id: provider.clientId }
  const options = {
    [allowInsecureRequests]: true,
    [customFetch]: (url: string, { body, ...init }: FetchOptions) =>
      http.fetch(url, {
        ...init,
        ...(body ? { body: String(body) } : {}),
        verifyTls: provider.verifyTls,
      }),
  }
  const granted = await genericTokenEndpointRequest(
    server,
    client,
    provider.clientSecret ? ClientSecretPost(provider.clientSecret) : None(),
    'authorization_code',
    {
      code: grant.code,
      redirect_uri: provider.redirectUri,
      ...(grant.verifier ? { code_verifier: grant.verifier } : {}),
    },
    options,
  )
  const { access_token } = await processGenericTokenEndpointResponse(server, client, granted)
  return async (url) => {
    const headers = new Headers({ accept: 'application/json' })
    const answer = await protectedResourceRequest(access_token, 'GET', new URL(url), headers, null, options)
    if (answer.status !== 200) throw new IdentityRefused(`${url} answered ${answer.status}`)
    return answer.json()
  }
}

interface FetchOptions {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** A JSON object's members; of everything else none. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
