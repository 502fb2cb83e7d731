import type { Logger } from 'pino'
import type { CallerCache } from './access/caller-cache.ts'
import type { OutgoingHttp } from './clients/outgoing-http.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import type { JobCalls } from './jobs/job-calls.ts'
import type { RecountSchedule } from './jobs/recount-schedule.ts'
import type { Metrics } from './metrics/metrics.ts'

/** Tells the time; tests give their own. */
export interface Clock {
  now(): Date
}

/** Where this process is in its life; written by its entry point. */
export interface Lifecycle {
  /** The whole server is about to stop: readiness says so, so that no new traffic comes. */
  draining: boolean
}

export const systemClock: Clock = { now: () => new Date() }

/** What everything below the entry points needs, made and closed in `open-context.ts`. Always the first argument. */
export interface AppContext {
  readonly config: Config
  readonly log: Logger
  readonly clock: Clock
  readonly db: Database
  readonly callers: CallerCache
  readonly recounts: RecountSchedule
  readonly jobs: JobCalls
  readonly outgoing: OutgoingHttp
  readonly metrics: Metrics
  readonly lifecycle: Lifecycle
}
