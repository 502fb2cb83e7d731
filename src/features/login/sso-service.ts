import type { components } from '../../../generated/types.ts'
import { identifyAtGithub } from '../../clients/github.ts'
import { identifyAtGitlab } from '../../clients/gitlab.ts'
import { identifyAtGoogle } from '../../clients/google.ts'
import type { Identity } from '../../clients/identity.ts'
import { identifyAtKeycloak } from '../../clients/keycloak.ts'
import type { AppContext } from '../../context.ts'
import { type ErrorCode, fail } from '../../errors.ts'
import { limitAttempt } from './attempt-limits.ts'
import { issueLoginToken } from './login-token.ts'
import { linkAccount } from './sso-account.ts'
import { type CodeProviderName, findProvider, type Provider } from './sso-providers.ts'
import { beginLogin, endedCookie, verifierOf } from './sso-state.ts'

type LoginToken = components['schemas']['LoginToken']

/** What a browser brings back from a provider. */
export interface ProviderReturn {
  readonly provider: string
  readonly code: string
  readonly state: string | undefined
  /** The Cookie header. */
  readonly cookie: string | undefined
  /** The browser's address. */
  readonly client: string
}

export interface ProviderLogin {
  readonly login: LoginToken
  /** For the answer: what the login was begun with is used up. */
  readonly headers: Readonly<Record<string, string>>
}

const identifiers = {
  github: identifyAtGithub,
  gitlab: identifyAtGitlab,
  keycloak: identifyAtKeycloak,
} as const satisfies Record<CodeProviderName, unknown>

/**
 * Begins a login at a provider (D22): where to send the browser, and the cookie that it must bring back.
 *
 * @throws ApiError `unknown_provider` for those without codes or not set up.
 */
export async function startProviderLogin(ctx: AppContext, name: string): Promise<{ location: string; cookie: string }> {
  const provider = findProvider(ctx.config, name)
  if (!provider) throw fail('unknown_provider', { provider: name.slice(0, 100) })
  const { state, challenge, cookie } = await beginLogin(ctx, provider.name)
  const location = new URL(provider.authUrl)
  const query = {
    response_type: 'code',
    client_id: provider.clientId,
    redirect_uri: provider.redirectUri,
    scope: provider.scope,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  for (const [key, value] of Object.entries(query)) location.searchParams.set(key, value)
  return { location: location.href, cookie }
}

/**
 * Ends a login at a provider: whoever it vouches for is logged in (access.md 3). Works when USER_LOGIN_ENABLED is false.
 * One that fails counts like a wrong password (D22): against the browser's address, and against the account once the
 * provider has said whose it is.
 *
 * @throws ApiError `unknown_provider`, `too_many_attempts`, `login_not_started`, `unauthorized` (the provider refuses or is
 *   down, or the e-mail is not verified; the log says which), `login_inactive`.
 */
export async function finishProviderLogin(ctx: AppContext, back: ProviderReturn): Promise<ProviderLogin> {
  if (back.provider === 'google' && ctx.config.googleClientId) {
    const client = { issuer: ctx.config.googleIssuer, clientId: ctx.config.googleClientId }
    const forget = await limitAttempt(ctx, 'login', null, back.client)
    return logIn(ctx, { provider: back.provider, headers: {}, forget }, () =>
      identifyAtGoogle(ctx.outgoing, client, back.code, ctx.clock.now()),
    )
  }
  const provider = findProvider(ctx.config, back.provider)
  if (!provider) throw fail('unknown_provider', { provider: back.provider.slice(0, 100) })
  const forget = await limitAttempt(ctx, 'login', null, back.client)
  const verifier = await verifierOf(ctx, provider.name, back)
  const headers = endingOf(ctx, provider, verifier)
  // Keycloak's own script brings a state that only the web page knows.
  if (!verifier && provider.needsState) throw fail('login_not_started', {}, headers)
  const grant = { code: back.code, verifier }
  return logIn(ctx, { provider: provider.name, headers, forget }, () =>
    identifiers[provider.name](ctx.outgoing, provider, grant),
  )
}

function endingOf(ctx: AppContext, provider: Provider, verifier: string | undefined): Record<string, string> {
  return verifier || provider.needsState ? { 'set-cookie': endedCookie(ctx, provider.name) } : {}
}

/** A login at a provider on its way. */
interface ProviderAttempt {
  readonly provider: string
  /** For every answer to it. */
  readonly headers: Record<string, string>
  /** Takes the attempt back: it was no failure. */
  readonly forget: () => Promise<void>
}

async function logIn(
  ctx: AppContext,
  { provider, headers, forget }: ProviderAttempt,
  identify: () => Promise<Identity>,
): Promise<ProviderLogin> {
  const refuse = (code: ErrorCode) => fail(code, {}, headers)
  const identity = await identify().catch(async (error: unknown) => {
    ctx.log.warn({ provider, reason: reasonOf(error) }, 'a login at a provider failed')
    if (isAway(error)) await forget()
    throw refuse('unauthorized')
  })
  const forgetAccount = await limitAttempt(ctx, 'provider', identity.email, null)
  const account = await linkAccount(ctx, identity)
  if (!account.is_active) throw refuse('login_inactive')
  await Promise.all([forget(), forgetAccount()])
  const token = await issueLoginToken(ctx, account)
  return { login: { email: account.email, name: account.name, token }, headers }
}

/** Whether the provider could not be asked: its visitors are not guessing then. */
function isAway(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.message === 'fetch failed')
}

/** Messages only: what else such an error holds may be tokens and people's data. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const details = [error.message, textIn(error, 'error_description'), textIn(error.cause, 'message'), claimIn(error)]
  return details.filter(Boolean).join(': ').slice(0, 500)
}

function textIn(value: unknown, key: string): string {
  const text = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  return typeof text === 'string' ? text : ''
}

/** Which issuer or audience an ID token has instead of the one that was expected: what a mistaken setting looks like. */
function claimIn({ cause }: Error): string {
  const claim = textIn(cause, 'claim')
  if (claim !== 'iss' && claim !== 'aud') return ''
  const { claims, expected } = cause as { claims?: Record<string, unknown>; expected?: unknown }
  return `expected ${String(expected)}, got ${String(claims?.[claim])}`
}
