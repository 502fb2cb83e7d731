import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { fail } from '../errors.ts'
import { isAway, isConflict, isFull } from './away.ts'

const firstPauseMs = 50
const longestPauseMs = 1_000
const conflictTries = 5
const conflictPauseMs = 50
const fullNoteEveryMs = 30_000

export interface RetryOptions {
  /** How long a caller waits for a database that is away, from the first failure on. */
  readonly retryMs: number
  readonly log: Logger
}

/** Waits for a database that is away on behalf of all callers of one pool, and logs an outage once. */
export interface Retrier {
  /**
   * Runs `attempt` until it succeeds. It is run again when the database is away or its disk is full, for up to `retryMs`
   * with growing pauses, and a few times when it lost against another transaction.
   * @throws ApiError `database_away` after `retryMs`, or at once when the retrier was stopped
   */
  run<T>(attempt: () => Promise<T>): Promise<T>
  /** Whether the last thing heard of the database was that it is away. */
  isAway(): boolean
  /** Ends all waiting, for a process that is about to exit. */
  stop(): void
}

export function createRetrier({ retryMs, log }: RetryOptions): Retrier {
  const stopping = new AbortController()
  let awaySince: number | undefined
  let fullNotedAt = Number.NEGATIVE_INFINITY

  const noteAway = (error: unknown): void => {
    if (awaySince !== undefined) return
    awaySince = performance.now()
    log.warn({ err: error }, 'the database is away, waiting for it')
  }
  const noteBack = (): void => {
    if (awaySince === undefined) return
    log.warn({ awayMs: Math.round(performance.now() - awaySince) }, 'the database is back')
    awaySince = undefined
  }
  const noteFull = (error: unknown): void => {
    if (performance.now() - fullNotedAt < fullNoteEveryMs) return
    fullNotedAt = performance.now()
    log.error({ err: error }, 'the disk of the database is full, writes wait for room on it')
  }

  async function run<T>(attempt: () => Promise<T>): Promise<T> {
    let conflicts = 0
    let deadline: number | undefined
    let pauseMs = firstPauseMs
    for (;;) {
      try {
        const value = await attempt()
        noteBack()
        return value
      } catch (error) {
        if (isConflict(error) && ++conflicts < conflictTries) {
          await sleep(Math.random() * conflictPauseMs * conflicts)
          continue
        }
        if (isFull(error)) noteFull(error)
        else if (isAway(error)) noteAway(error)
        else throw error
        deadline ??= performance.now() + retryMs
        const leftMs = deadline - performance.now()
        if (leftMs <= 0 || stopping.signal.aborted) throw fail('database_away')
        await sleep(Math.min(pauseMs, leftMs), undefined, { signal: stopping.signal }).catch(() => undefined)
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      }
    }
  }

  return { run, isAway: () => awaySince !== undefined, stop: () => stopping.abort() }
}
