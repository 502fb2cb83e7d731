const DAY = 86_400_000
const FIRST = Date.UTC(1970, 0, 1) - 719_162 * DAY
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** The moment so many days (fractions and negative ones too) before another, in UTC; null outside the years 1 to 9999. */
export function daysBefore(moment: Date, days: number): string | null {
  const at = moment.getTime() - days * DAY
  return at >= FIRST && at <= LAST ? new Date(at).toISOString().slice(0, -1) : null
}
