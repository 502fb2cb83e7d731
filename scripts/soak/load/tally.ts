import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'

/** What came of one kind of operation. Times in ms, from the moment when it was due. */
export interface Outcome {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly failed: number
  /** The first failures, as texts. */
  readonly failures: readonly string[]
}

export type Outcomes = Readonly<Record<string, Outcome>>

const KEPT_FAILURES = 5

/** Counts what came of operations, in bounded memory. */
export class Tally {
  readonly #times = new Map<string, RecordableHistogram>()
  readonly #failures = new Map<string, { count: number; texts: string[] }>()
  total = 0
  failed = 0

  succeeded(name: string, ms: number): void {
    this.total++
    this.#time(name).record(Math.max(1, Math.round(ms * 1e3)))
  }

  didFail(name: string, error: unknown): void {
    this.total++
    this.failed++
    this.#time(name)
    const known = this.#failures.get(name) ?? { count: 0, texts: [] }
    this.#failures.set(name, known)
    known.count++
    if (known.texts.length < KEPT_FAILURES) known.texts.push(error instanceof Error ? error.message : String(error))
  }

  read(): Outcomes {
    return Object.fromEntries(
      [...this.#times].map(([name, times]) => {
        const failures = this.#failures.get(name)
        const at = (percent: number) => (times.count > 0 ? times.percentile(percent) / 1e3 : 0)
        const outcome: Outcome = {
          count: times.count,
          ...{ p50: at(50), p95: at(95), p99: at(99), max: times.count > 0 ? times.max / 1e3 : 0 },
          failed: failures?.count ?? 0,
          failures: failures?.texts ?? [],
        }
        return [name, outcome]
      }),
    )
  }

  #time(name: string): RecordableHistogram {
    const known = this.#times.get(name)
    if (known) return known
    const created = createHistogram()
    this.#times.set(name, created)
    return created
  }
}
