import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { countAttempt, forgetAttempt } from './attempt-limits-sql.ts'

/**
 * What is counted apart from each other. An account's logins at a provider are `provider`: whoever guesses its password
 * must not close that way too.
 */
export type Attempt = 'login' | 'provider' | 'recover' | 'register'

/** Bounds within one window (design.md, Numbers). */
const WINDOW_SECONDS = 15 * 60
const PER_ACCOUNT = 10
const PER_ADDRESS = 100

/**
 * Counts an attempt on an account from a client's address, and refuses it beyond the limits (D22). It is counted before
 * it is carried out, so that many at once gain nothing; one that turns out to be no guess is taken back by the returned
 * function.
 *
 * @param email the account; null while nobody knows whose it is.
 * @param client the address; null when it was counted before.
 * @throws ApiError `too_many_attempts` with `Retry-After`.
 */
export async function limitAttempt(
  ctx: AppContext,
  attempt: Attempt,
  email: string | null,
  client: string | null,
): Promise<() => Promise<void>> {
  const account = email === null ? null : keyOf(attempt, 'account', email.toLowerCase())
  const address = client === null ? null : keyOf(attempt, 'address', networkOf(client))
  const keys = [account, address].filter((key) => key !== null)
  const counts = await countAttempt(ctx.db, keys, WINDOW_SECONDS)
  const exceeded = counts.filter(({ key, count }) => count > (account?.equals(key) ? PER_ACCOUNT : PER_ADDRESS))
  if (exceeded.length > 0) {
    const seconds = Math.max(1, ...exceeded.map((count) => count.seconds))
    throw fail('too_many_attempts', { seconds }, { 'retry-after': String(seconds) })
  }
  return () => forgetAttempt(ctx.db, keys)
}

/** An IPv6 client has a whole /64 to choose its address from: there the network counts. Others stay as they are. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const rest = tail === undefined ? [] : tail.split(':').filter((group) => group !== '')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length)
  const first = [...groups, ...Array<string>(missing).fill('0'), ...rest].slice(0, 4)
  return `${first.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

function keyOf(attempt: Attempt, what: string, value: string): Buffer {
  return createHash('sha256').update(`${attempt}\0${what}\0${value}`).digest()
}
