/** A stretch of time in the grains of rollups: whole days, whole hours before them, and a part of an hour before those. */
export interface Window {
  /** After this moment. */
  readonly since: string
  /** The first whole hour. */
  readonly firstHour: string
  /** The first whole day. */
  readonly firstDay: string
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The window after a moment (UTC, ISO 8601 without a zone, at most milliseconds), without an end. */
export function windowAfter(since: string): Window {
  const at = Date.parse(`${since}Z`)
  // A moment on the hour begins no whole hour: "after" leaves it out itself.
  const firstHour = (Math.floor(at / HOUR_MS) + 1) * HOUR_MS
  return { since, firstHour: print(firstHour), firstDay: print(Math.ceil(firstHour / DAY_MS) * DAY_MS) }
}

function print(at: number): string {
  return new Date(at).toISOString().slice(0, -1)
}
