import type { Logger } from 'pino'
import type { CallerCache } from './access/caller-cache.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import type { RecountSchedule } from './jobs/recount-schedule.ts'

/** Tells the time; tests give their own. */
export interface Clock {
  now(): Date
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
}
