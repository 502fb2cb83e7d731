import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { ListenSession } from '../db/listener.ts'
import type { Queryable } from '../db/queryable.ts'
import { ACCESS_CHANNEL, type CallerCache } from './caller-cache.ts'

/*
 * How all processes forget callers before a change of access is answered: otherwise somebody who has just made a project
 * could be refused there by the next process, which has not read the notification yet (measured: 4 to 7 % of requests on
 * other connections, for up to 80 ms).
 *
 * A process whose cache is on holds an advisory lock, shared, on its LISTEN connection; when the connection ends, so does
 * the lock. A notification switches the cache off and gives the lock up. Who has committed a change asks for the same lock
 * alone: once it is granted, every process has read the notification. Nobody waits longer than `LONGEST_WAIT_MS` for a
 * process that hangs; what that one remembers ends by its age.
 *
 * States: off → (lock taken) → on → (notification, lock given up) → off, for `QUIET_MS` without another notification → …
 * Without that pause the lock could be taken again before the change asks for it, which would then wait in vain.
 * Invariant: while the cache is on, the lock is held.
 */

const LOCK_KEY = 4_771_302_650
const LONGEST_WAIT_MS = 1_000
const QUIET_MS = 1_000

/** Keeps a process' cache in step with the changes that any process makes, until the returned function is called. */
export async function followAccessChanges(
  db: Pick<Database, 'listen'>,
  callers: CallerCache,
  log: Logger,
): Promise<() => Promise<void>> {
  let session: ListenSession | undefined
  let timer: NodeJS.Timeout | undefined
  // Counts what ends a state, so that an answer that comes too late is seen to be late.
  let turn = 0

  const switchOff = (): number => {
    callers.switchOff()
    clearTimeout(timer)
    return ++turn
  }
  const switchOn = async (opened: ListenSession): Promise<void> => {
    const own = turn
    const taken = await sent(opened, `select pg_advisory_lock_shared(${LOCK_KEY})`, log)
    if (taken && own === turn) callers.switchOn()
  }
  const onChange = async (): Promise<void> => {
    const own = switchOff()
    const opened = session
    if (!opened || !(await sent(opened, 'select pg_advisory_unlock_all()', log)) || own !== turn) return
    timer = setTimeout(() => void switchOn(opened), QUIET_MS).unref()
  }

  const stop = await db.listen(ACCESS_CHANNEL, () => void onChange(), {
    onUp: (opened) => {
      switchOff()
      session = opened
      void switchOn(opened)
    },
    onDown: () => {
      switchOff()
      session = undefined
    },
  })
  return async () => {
    switchOff()
    await stop()
  }
}

/** Whether a statement ran; it does not when the connection ends, and `onDown` says so as well. */
async function sent(session: ListenSession, text: string, log: Logger): Promise<boolean> {
  try {
    await session.query(text)
    return true
  } catch (error) {
    log.debug({ err: error }, 'callers are looked up for each request until the next notification')
    return false
  }
}

/** Waits until every process has forgotten its callers, after the commit of a change. */
export async function awaitForgetting(db: Queryable, log: Logger): Promise<void> {
  try {
    await db.query({
      text: `select set_config('lock_timeout', '${LONGEST_WAIT_MS}', true), pg_advisory_xact_lock(${LOCK_KEY})`,
    })
  } catch (error) {
    if (!isLockTimeout(error)) throw error
    log.warn('a process has not confirmed a change of accounts or projects in time; it will know within seconds')
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03'
}
