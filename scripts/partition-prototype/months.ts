/** A partition of one month (UTC): its name, and its bounds as dates; `to` is not in it. */
export interface Month {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** The months from that of `first` to that of `last`, both included, oldest first. */
export function monthsBetween(first: Date, last: Date): Month[] {
  const months: Month[] = []
  for (let from = startOfMonth(first, 0); from <= last; from = startOfMonth(from, 1)) {
    const date = printDate(from)
    months.push({
      name: `results_${date.slice(0, 7).replace('-', '_')}`,
      from: date,
      to: printDate(startOfMonth(from, 1)),
    })
  }
  return months
}

/** How many minutes lie between two of `runs` runs so that they fill `months` months. */
export function minutesBetweenRuns(runs: number, months: number): number {
  return Math.max(1, Math.round((months * MONTH_MINUTES) / runs))
}

/** A twelfth of 365.25 days. */
const MONTH_MINUTES = (365.25 * 24 * 60) / 12

function startOfMonth(moment: Date, later: number): Date {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + later))
}

const printDate = (moment: Date) => moment.toISOString().slice(0, 10)
