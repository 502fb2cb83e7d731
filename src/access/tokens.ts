import { randomUUID } from 'node:crypto'
import { errors as joseErrors, jwtVerify, SignJWT } from 'jose'
import type { AppContext } from '../context.ts'
import { fail } from '../errors.ts'

/** What a token is for: `login` tokens are made by logging in, `api` tokens have a row and end with it (D24). */
export type TokenUse = 'login' | 'api'

export interface TokenClaims {
  /** The account's id, as the token says it. */
  readonly userId: string
  readonly use: TokenUse
  /** How many password resets the account had seen when the token was made; 0 for tokens of Ibutsu. */
  readonly generation: number
  /** When it ends, in seconds since 1970. */
  readonly expires: number
}

/** The default of JWT_ISSUER, in Ibutsu as well. */
const USUAL_ISSUER = 'org.ibutsu-project.server'

type TokenContext = Pick<AppContext, 'config' | 'clock'>

/**
 * Makes a token: HS256, claims iss, iat, exp, sub as Ibutsu's (access.md 1), and `use`, `gen` and `jti` of our own (two
 * tokens of one second must differ, or deleting one would leave the other).
 * `expires` is in seconds since 1970 and may have a fraction.
 */
export async function signToken(
  ctx: TokenContext,
  claims: { userId: string; use: TokenUse; generation: number; expires: number },
): Promise<string> {
  return new SignJWT({ use: claims.use, gen: claims.generation, exp: claims.expires })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ctx.config.jwtIssuer)
    .setIssuedAt(Math.floor(ctx.clock.now().getTime() / 1000))
    .setSubject(claims.userId)
    .setJti(randomUUID())
    .sign(signingKey(ctx))
}

/**
 * Reads a token's claims. The reference looks at no issuer; here another service that shares the secret makes no tokens for
 * us. Those of an installation that had the usual issuer stay good when JWT_ISSUER is set later.
 *
 * @throws ApiError `expired_token` or `invalid_token` (malformed, wrongly signed, of another issuer, made in the future).
 */
export async function verifyToken(ctx: TokenContext, token: string): Promise<TokenClaims> {
  try {
    const { payload } = await jwtVerify(token, signingKey(ctx), {
      algorithms: ['HS256'],
      currentDate: ctx.clock.now(),
      issuer: [ctx.config.jwtIssuer, USUAL_ISSUER],
      requiredClaims: ['sub', 'exp'],
    })
    const { iss, sub, exp, iat, use, gen } = payload
    // The library takes a list of issuers, and an end that is too large for a number.
    if (typeof iss !== 'string' || typeof sub !== 'string' || !Number.isFinite(exp)) throw fail('invalid_token')
    if (iat !== undefined && iat > ctx.clock.now().getTime() / 1000 + 60) throw fail('invalid_token')
    return {
      userId: sub,
      expires: exp as number,
      use: use === 'login' || use === 'api' ? use : useOfIbutsuToken(token),
      generation: typeof gen === 'number' ? gen : 0,
    }
  } catch (error) {
    if (error instanceof joseErrors.JWTExpired) throw fail('expired_token')
    if (error instanceof joseErrors.JOSEError) throw fail('invalid_token')
    throw error
  }
}

/**
 * Ibutsu 3.1.1 gave its tokens no `use`, but wrote `exp` with a fraction only for API tokens (D24). Reading the
 * payload as JSON would hide a fraction of `.0`, so the text itself is looked at.
 */
function useOfIbutsuToken(token: string): TokenUse {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return /"exp"\s*:\s*\d+\.\d/.test(payload) ? 'api' : 'login'
}

const keys = new WeakMap<object, Uint8Array>()

function signingKey(ctx: TokenContext): Uint8Array {
  const known = keys.get(ctx.config)
  if (known) return known
  if (!ctx.config.jwtSecret) throw new Error('JWT_SECRET is not set')
  const key = new TextEncoder().encode(ctx.config.jwtSecret)
  keys.set(ctx.config, key)
  return key
}
