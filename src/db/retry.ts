import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { fail } from '../errors.ts'
import { isAway, isConflict, isFull, isReadOnly, isRefusedTls } from './away.ts'

const firstPauseMs = 50
const longestPauseMs = 1_000
const conflictTries = 5
const conflictPauseMs = 50
const fullNoteEveryMs = 30_000
/** An outage that follows another one so soon is not told again: some connections may work and others not. */
const quietMs = 10_000

export interface RetryOptions {
  /** How long a caller waits for a database that is away, from the first failure on. */
  readonly retryMs: number
  readonly log: Logger
  /** A write that was refused by a read-only database has come through: what was opened before may lead to another one. */
  readonly onWritable?: () => void
}

/** Waits for a database that is away, or takes no writes, on behalf of all callers of one pool, and logs an outage once. */
export interface Retrier {
  /**
   * Runs `attempt` until it succeeds. It is run again when the database is away or read-only or its disk is full, for up to
   * `retryMs` with growing pauses (counted from `since`, a `performance.now()`, where the caller has waited before), and a
   * few times when it lost against another transaction.
   * @throws ApiError `database_away` or `database_read_only` after `retryMs`, or at once when the retrier was stopped
   */
  run<T>(attempt: () => Promise<T>, since?: number): Promise<T>
  /** Whether the last thing heard of the database was that it is away. */
  isAway(): boolean
  /** Ends all waiting, for a process that is about to exit. */
  stop(): void
}

export function createRetrier({ retryMs, log, onWritable }: RetryOptions): Retrier {
  const stopping = new AbortController()
  const away = createOutage(log, 'the database is away, waiting for it', 'the database is back')
  const readOnly = createOutage(log, 'the database takes no writes, waiting for it', 'the database takes writes again')
  let fullNotedAt = Number.NEGATIVE_INFINITY
  const noteFull = (error: unknown): void => {
    if (performance.now() - fullNotedAt < fullNoteEveryMs) return
    fullNotedAt = performance.now()
    log.error({ err: error }, 'the disk of the database is full, writes wait for room on it')
  }

  async function run<T>(attempt: () => Promise<T>, since?: number): Promise<T> {
    let conflicts = 0
    let deadline = since === undefined ? undefined : since + retryMs
    let pauseMs = firstPauseMs
    let refused = false
    for (;;) {
      try {
        const value = await attempt()
        away.end()
        if (refused && readOnly.end()) onWritable?.()
        return value
      } catch (error) {
        if (isConflict(error) && ++conflicts < conflictTries) {
          await sleep(Math.random() * conflictPauseMs * conflicts)
          continue
        }
        refused = isReadOnly(error)
        if (refused) readOnly.begin(error)
        else if (isFull(error)) noteFull(error)
        else if (isAway(error) || isRefusedTls(error)) away.begin(error)
        else throw error
        deadline ??= performance.now() + retryMs
        const leftMs = deadline - performance.now()
        if (leftMs <= 0 || stopping.signal.aborted) throw fail(refused ? 'database_read_only' : 'database_away')
        await sleep(Math.min(pauseMs, leftMs), undefined, { signal: stopping.signal }).catch(() => undefined)
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      }
    }
  }

  return { run, isAway: away.lasts, stop: () => stopping.abort() }
}

/** Something that begins, lasts and ends; its first and last moment are warnings in the log. */
function createOutage(log: Logger, beginning: string, ending: string) {
  let since: number | undefined
  let told = false
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    lasts: () => since !== undefined,
    begin(error: unknown): void {
      if (since !== undefined) return
      since = performance.now()
      told = since - toldAt > quietMs
      if (!told) return
      toldAt = since
      log.warn({ err: error }, beginning)
    },
    /** Whether there was anything to end. */
    end(): boolean {
      if (since === undefined) return false
      if (told) log.warn({ awayMs: Math.round(performance.now() - since) }, ending)
      since = undefined
      return true
    },
  }
}
