import { createHash } from 'node:crypto'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { countAttempt, forgetAttempt } from './attempt-limits-sql.ts'

/** What is counted apart from each other. */
export type Attempt = 'login' | 'recover' | 'register'

/** Bounds within one window (design.md, Numbers). */
const WINDOW_SECONDS = 15 * 60
const PER_ACCOUNT = 10
const PER_ADDRESS = 100

/**
 * Counts an attempt on an account from a client's address, and refuses it beyond the limits (D22). It is counted before
 * it is carried out, so that many at once gain nothing; one that turns out to be no guess is taken back by the returned
 * function.
 *
 * @throws ApiError `too_many_attempts` with `Retry-After`.
 */
export async function limitAttempt(
  ctx: AppContext,
  attempt: Attempt,
  email: string,
  client: string,
): Promise<() => Promise<void>> {
  const account = keyOf(attempt, 'account', email.toLowerCase())
  const address = keyOf(attempt, 'address', client)
  const counts = await countAttempt(ctx.db, [account, address], WINDOW_SECONDS)
  const exceeded = counts.filter(({ key, count }) => count > (key.equals(account) ? PER_ACCOUNT : PER_ADDRESS))
  if (exceeded.length > 0) {
    const seconds = Math.max(1, ...exceeded.map((count) => count.seconds))
    throw fail('too_many_attempts', { seconds }, { 'retry-after': String(seconds) })
  }
  return () => forgetAttempt(ctx.db, [account, address])
}

function keyOf(attempt: Attempt, what: string, value: string): Buffer {
  return createHash('sha256').update(`${attempt}\0${what}\0${value}`).digest()
}
