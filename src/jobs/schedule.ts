import { type JobName, priorities } from './job-names.ts'

/** A job of the clock. All times are UTC. */
export interface Schedule {
  readonly name: JobName
  readonly priority: number
  readonly every: 'half-hour' | 'hour' | 'day' | 'week'
  /** Minutes after the beginning of the period; a week begins on Monday at 00:00. */
  readonly atMinute: number
}

const hours = (count: number) => count * 60
const SATURDAY = hours(5 * 24)

/** What runs when (jobs.md 2). */
export const schedules: readonly Schedule[] = [
  { name: 'sync-aborted-runs', every: 'half-hour', atMinute: 0, priority: priorities.normal },
  { name: 'prune-jobs', every: 'hour', atMinute: 20, priority: priorities.nightly },
  { name: 'prune-imports', every: 'day', atMinute: hours(2), priority: priorities.nightly },
  { name: 'prune-files', every: 'week', atMinute: SATURDAY + hours(4), priority: priorities.nightly },
  { name: 'prune-results', every: 'week', atMinute: SATURDAY + hours(5), priority: priorities.nightly },
  { name: 'prune-runs', every: 'week', atMinute: SATURDAY + hours(6), priority: priorities.nightly },
]

const MINUTE_MS = 60_000
const periods: Readonly<Record<Schedule['every'], number>> = {
  'half-hour': 30 * MINUTE_MS,
  hour: hours(1) * MINUTE_MS,
  day: hours(24) * MINUTE_MS,
  week: hours(7 * 24) * MINUTE_MS,
}
/** 1970 began on a Thursday, so that the first Monday was the fifth of January. */
const FIRST_MONDAY_MS = 4 * periods.day

/** The last moment at or before `now` at which a schedule was due. */
export function lastTick({ every, atMinute }: Schedule, now: Date): Date {
  const period = periods[every]
  const offset = FIRST_MONDAY_MS + atMinute * MINUTE_MS
  return new Date(Math.floor((now.getTime() - offset) / period) * period + offset)
}
