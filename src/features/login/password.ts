import { compare, hash } from 'bcrypt'
import type { AppContext } from '../../context.ts'

type PasswordContext = Pick<AppContext, 'config'>

/** bcrypt reads no more of a password. */
const MAX_BYTES = 72
const HASH = /^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$/

/** Whether a password has more bytes than bcrypt reads; such a one is never stored and never right (D42). */
export function isPasswordTooLong(password: string): boolean {
  return Buffer.byteLength(password) > MAX_BYTES
}

/** Hashes a password (`$2b$`, cost BCRYPT_LOG_ROUNDS) in a thread of its own. It must not be too long. */
export function hashPassword(ctx: PasswordContext, password: string): Promise<string> {
  return hash(password, ctx.config.bcryptRounds)
}

/**
 * Whether a password fits a stored hash. Without a usable hash (unknown account, none stored, the provider's id of an
 * OAuth account) it is compared all the same, so that the time tells nobody which accounts exist.
 */
export async function verifyPassword(ctx: PasswordContext, password: string, stored: string | null): Promise<boolean> {
  const isUsable = stored !== null && HASH.test(stored)
  const isEqual = await compare(password, isUsable ? stored : dummyHash(ctx.config.bcryptRounds))
  return isEqual && isUsable && !isPasswordTooLong(password)
}

/** Costs as much as a real one and fits no password. bcrypt itself keeps the cost between 4 and 31. */
function dummyHash(rounds: number): string {
  const cost = Math.min(Math.max(rounds, 4), 31)
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
}
