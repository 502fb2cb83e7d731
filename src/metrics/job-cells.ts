import { type MetricState, type MetricValue, metricState } from './metric-table.ts'
import { type HistogramCell, histogramValues } from './request-cells.ts'

/** Upper bounds of the histogram of jobs, in seconds: a mail takes 0.1 s, a large import some minutes, a prune hours. */
export const jobBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] as const

/** How a try of a job ended: well, for good, or to be tried again. */
export const jobOutcomes = ['done', 'failed', 'retried'] as const
export type JobOutcome = (typeof jobOutcomes)[number]

/** What the table of jobs holds of one name and state. */
export interface JobCount {
  readonly name: string
  readonly state: string
  readonly jobs: number
  /** How long the one that has been due longest has waited, in seconds; 0 when none is due. */
  readonly dueSeconds: number
}

const states = ['queued', 'running'] as const

/** Counts the tries of jobs of this process. Names that are known from the start begin with 0, for alerts on increases. */
export class JobCells {
  readonly #outcomes = new Map<string, Record<JobOutcome, number>>()
  readonly #times = new Map<string, HistogramCell>()

  constructor(names: Iterable<string>) {
    for (const name of names) this.#outcomes.set(name, none())
  }

  /** Counts one try; `seconds` is null where nothing ran. */
  ended(name: string, outcome: JobOutcome, seconds: number | null): void {
    const counts = this.#outcomes.get(name) ?? none()
    this.#outcomes.set(name, counts)
    counts[outcome]++
    if (seconds === null) return
    const cell = this.#times.get(name) ?? { count: 0, seconds: 0, buckets: jobBounds.map(() => 0) }
    this.#times.set(name, cell)
    cell.count++
    cell.seconds += seconds
    const bound = jobBounds.findIndex((limit) => seconds <= limit)
    if (bound >= 0) cell.buckets[bound] = (cell.buckets[bound] ?? 0) + 1
  }

  /** The counter and the histogram. */
  read(): MetricState[] {
    const counts: MetricValue[] = [...this.#outcomes].flatMap(([name, values]) =>
      jobOutcomes.map((outcome) => ({ labels: { name, outcome }, value: values[outcome] })),
    )
    const times = [...this.#times].flatMap(([name, cell]) =>
      histogramValues('ibutsu_job_duration_seconds', { name }, cell, jobBounds),
    )
    return [metricState('ibutsu_job_tries_total', counts), metricState('ibutsu_job_duration_seconds', times)]
  }
}

const none = (): Record<JobOutcome, number> => ({ done: 0, failed: 0, retried: 0 })

/** The gauges of what waits and runs; what the table has none of is said as 0. */
export function jobGauges(names: readonly string[], counts: readonly JobCount[]): MetricState[] {
  const values = names.flatMap((name) =>
    states.map((state) => ({
      labels: { name, state },
      value: counts.find((count) => count.name === name && count.state === state)?.jobs ?? 0,
    })),
  )
  const longest = Math.max(0, ...counts.map(({ dueSeconds }) => dueSeconds))
  return [
    metricState('ibutsu_jobs', values),
    metricState('ibutsu_jobs_longest_wait_seconds', [{ labels: {}, value: longest }]),
  ]
}
