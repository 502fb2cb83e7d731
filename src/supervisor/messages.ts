import type { Config } from '../config.ts'

/** What a child process does. `prepare` ends when the database is ready for the others. */
export type ChildRole = 'web' | 'job' | 'prepare'

/** What a child works with. The supervisor reads settings once per reload, so that all workers of a generation agree. */
export interface Assignment {
  readonly config: Config
  readonly databaseUrl: string
}

/** What the supervisor says to a child. A `connection` carries an accepted socket with it. */
export type ToChild =
  | { readonly type: 'start'; readonly assignment: Assignment }
  | { readonly type: 'connection' }
  /** Take no new work, finish what is under way within `graceMs`, then exit. */
  | { readonly type: 'drain'; readonly graceMs: number }
  /** The whole server is going away: readiness says 503 from now on. */
  | { readonly type: 'draining' }

/** What a child says to the supervisor. */
export type FromChild =
  | { readonly type: 'ready' }
  /** From the event loop, so a hung process sends none. `rss` in bytes, `requests` since the start. */
  | { readonly type: 'heartbeat'; readonly rss: number; readonly requests: number }
  /** A connection was taken over; the supervisor closes its copy. */
  | { readonly type: 'taken' }
  /** Somebody sent the worker itself a TERM: it wants to be replaced. */
  | { readonly type: 'retire' }
  /** It cannot do its work; it exits with `code`. */
  | { readonly type: 'failed'; readonly message: string; readonly code: number }

/** How often a child sends a heartbeat. */
export const heartbeatMs = 1_000

/**
 * The file descriptor of the pipe between the supervisor and the watchdog thread of a child: anything that is written to
 * it asks for the stack of the main thread, which comes back as text up to a zero byte. `stack` messages go this way and
 * not over IPC, since that needs the event loop.
 */
export const watchdogFd = 4

const fromChild = new Set(['ready', 'heartbeat', 'taken', 'retire', 'failed'])
const toChild = new Set(['start', 'connection', 'drain', 'draining'])

/** Other parts (metrics) send messages over the same channel. */
export function isFromChild(message: unknown): message is FromChild {
  return fromChild.has(typeOf(message))
}

export function isToChild(message: unknown): message is ToChild {
  return toChild.has(typeOf(message))
}

function typeOf(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('type' in message)) return ''
  return typeof message.type === 'string' ? message.type : ''
}
