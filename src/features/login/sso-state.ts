import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import { jwtVerify, SignJWT } from 'jose'
import type { AppContext } from '../../context.ts'
import type { CodeProviderName } from './sso-providers.ts'

/** How long a login at a provider may take. */
const LIFETIME_SECONDS = 600

type StateContext = Pick<AppContext, 'config' | 'clock'>

/** What a login at a provider is begun with. */
export interface BegunLogin {
  readonly state: string
  /** PKCE, S256. */
  readonly challenge: string
  /** For the Set-Cookie header. */
  readonly cookie: string
}

/**
 * Begins a login at a provider: its state and its PKCE verifier stay with the browser, in a cookie that is signed for this
 * provider and this purpose, so that any replica can end the login and nobody else's browser can.
 */
export async function beginLogin(ctx: StateContext, name: CodeProviderName): Promise<BegunLogin> {
  const state = randomBytes(32).toString('base64url')
  const verifier = randomBytes(32).toString('base64url')
  const now = Math.floor(ctx.clock.now().getTime() / 1000)
  const value = await new SignJWT({ state, verifier })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(name)
    .setIssuedAt(now)
    .setExpirationTime(now + LIFETIME_SECONDS)
    .sign(keyOf(ctx))
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return { state, challenge, cookie: setCookie(ctx, name, value, LIFETIME_SECONDS) }
}

/** The PKCE verifier of the login that this browser began; undefined when it began none with this state. */
export async function verifierOf(
  ctx: StateContext,
  name: CodeProviderName,
  { state, cookie }: { readonly state: string | undefined; readonly cookie: string | undefined },
): Promise<string | undefined> {
  const value = parseCookie(cookie ?? '')[cookieName(ctx, name)]
  if (!value || !state) return undefined
  try {
    const { payload } = await jwtVerify<{ state: string; verifier: string }>(value, keyOf(ctx), {
      algorithms: ['HS256'],
      audience: name,
      requiredClaims: ['exp', 'state', 'verifier'],
      currentDate: ctx.clock.now(),
    })
    return isSame(payload.state, state) ? payload.verifier : undefined
  } catch {
    return undefined
  }
}

/** Takes the cookie away: what a login was begun with serves once. */
export function endedCookie(ctx: StateContext, name: CodeProviderName): string {
  return setCookie(ctx, name, '', 0)
}

function setCookie(ctx: StateContext, name: CodeProviderName, value: string, maxAge: number): string {
  return stringifySetCookie({
    name: cookieName(ctx, name),
    value,
    maxAge,
    path: '/',
    httpOnly: true,
    // Not strict: the provider's page sends the browser back.
    sameSite: 'lax',
    secure: isSecure(ctx),
  })
}

/** With the prefix no other host of the domain can plant one. Browsers take it only over https. */
function cookieName(ctx: StateContext, name: CodeProviderName): string {
  return `${isSecure(ctx) ? '__Host-' : ''}ibutsu-login-${name}`
}

const isSecure = ({ config }: StateContext): boolean => config.backendUrl.startsWith('https:')

/** A key of its own, so that no token is a state and no state a token. */
function keyOf({ config }: StateContext): Uint8Array {
  if (!config.jwtSecret) throw new Error('JWT_SECRET is not set')
  return new Uint8Array(hkdfSync('sha256', config.jwtSecret, '', 'ibutsu login state', 32))
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}
