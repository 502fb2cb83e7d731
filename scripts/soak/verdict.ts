import type { LoadReport } from './load/messages.ts'
import { type Lags, type Measure, measures, type PoolSample, type Sample } from './sampler.ts'
import { fitLine, type Line, mean, percentile } from './statistics.ts'

/** What may not be passed; null is no bound. Slopes are per hour. */
export interface Bounds {
  readonly memory: number
  /** Of the supervisor and of the job worker, each. */
  readonly otherMemory: number
  readonly lag: number
  readonly ownLag: number
  readonly failures: number
  readonly memorySlope: number | null
  readonly filesSlope: number | null
  readonly poolSlope: number | null
}

/** A series of one measure in short. `line` is over what came after the load had settled, its slope per hour. */
export interface Series {
  readonly start: number
  readonly end: number
  readonly mean: number
  readonly p99: number
  readonly peak: number
  readonly line: Line | null
}

export interface Findings {
  /** By process (supervisor, web, worker), then by measure. */
  readonly processes: Readonly<Record<string, Readonly<Record<Measure, Series>>>>
  /** Of each process's event loop, of the whole load. */
  readonly lags: Readonly<Record<string, Lags>>
  readonly pool: { readonly busy: Series; readonly open: Series; readonly waiting: Series; readonly inFlight: Series }
  /** How often something waited for a database connection, and how long together. */
  readonly waits: { readonly count: number; readonly seconds: number }
  readonly restarts: number
  readonly load: LoadReport
  /** Bounds that were broken, as texts. */
  readonly broken: readonly string[]
}

export interface Observed {
  readonly samples: readonly Sample[]
  readonly pools: readonly PoolSample[]
  readonly lags: ReadonlyMap<string, Lags>
  readonly load: LoadReport
  /** Seconds that are left out of the slopes. */
  readonly settle: number
}

/** How many samples make the start and the end of a series. */
const EDGE = 5

/** Sums up what was seen, and judges it. */
export function judge(observed: Observed, bounds: Bounds): Findings {
  const { samples, pools, settle, load } = observed
  const names = [...new Set(samples.map(({ name }) => name))].sort()
  const processes = Object.fromEntries(
    names.map((name) => {
      const own = samples.filter((sample) => sample.name === name)
      const all = measures.map((measure) => [
        measure,
        sumUp(
          own.map(({ t, values }) => [t, values[measure]]),
          settle,
        ),
      ])
      return [name, Object.fromEntries(all) as Record<Measure, Series>]
    }),
  )
  const ofPools = (key: 'busy' | 'open' | 'waiting' | 'inFlight') =>
    sumUp(
      pools.map((pool) => [pool.t, pool[key]]),
      settle,
    )
  const grew = (key: 'waits' | 'waitSeconds' | 'restarts') => (pools.at(-1)?.[key] ?? 0) - (pools[0]?.[key] ?? 0)
  const found = {
    processes,
    lags: Object.fromEntries(observed.lags),
    pool: { busy: ofPools('busy'), open: ofPools('open'), waiting: ofPools('waiting'), inFlight: ofPools('inFlight') },
    waits: { count: grew('waits'), seconds: grew('waitSeconds') },
    restarts: grew('restarts'),
    load,
  }
  return { ...found, broken: findBroken(found, bounds) }
}

/** @param pairs of seconds and values */
export function sumUp(pairs: readonly (readonly [number, number])[], settle: number): Series {
  const values = pairs.map(([, value]) => value)
  return {
    start: mean(values.slice(0, EDGE)),
    end: mean(values.slice(-EDGE)),
    mean: mean(values),
    p99: percentile(values, 0.99),
    peak: Math.max(...values),
    line: fitLine(pairs.filter(([t]) => t >= settle).map(([t, y]) => ({ x: t / 3600, y }))),
  }
}

function findBroken(found: Omit<Findings, 'broken'>, bounds: Bounds): string[] {
  const { processes, lags, pool, load } = found
  const failed = Object.values(load.outcomes).reduce((sum, outcome) => sum + outcome.failed, 0)
  const web = processes.web?.['Pss MB'].peak ?? Number.POSITIVE_INFINITY
  const lag = lags.web?.all.p99 ?? Number.POSITIVE_INFINITY
  const ownLag = lags.web?.own.p99 ?? Number.POSITIVE_INFINITY
  const slope = (what: string, line: Line | null | undefined, bound: number | null) =>
    bound !== null && line && line.slope > bound && line.slope > 2 * line.error
      ? [`${what} grows by ${line.slope.toFixed(1)} ± ${line.error.toFixed(1)} an hour, more than ${bound}`]
      : []
  return [
    ...(failed > bounds.failures ? [`${failed} operations failed`] : []),
    ...(web > bounds.memory ? [`the web worker held ${web.toFixed(1)} MB, more than ${bounds.memory}`] : []),
    ...Object.entries(processes).flatMap(([name, { 'Pss MB': pss }]) =>
      name !== 'web' && pss.peak > bounds.otherMemory
        ? [`the ${name} held ${pss.peak.toFixed(1)} MB, more than ${bounds.otherMemory}`]
        : [],
    ),
    ...(lag > bounds.lag
      ? [`the web worker's event loop was ${lag.toFixed(1)} ms late (p99), more than ${bounds.lag}`]
      : []),
    ...(ownLag > bounds.ownLag
      ? [`the web worker's own work made its event loop ${ownLag.toFixed(1)} ms late (p99), more than ${bounds.ownLag}`]
      : []),
    ...(Number.isNaN(pool.busy.mean) ? ['the metrics did not tell the use of the pool'] : []),
    ...(found.restarts > 0 ? [`${found.restarts} workers were replaced`] : []),
    ...Object.entries(processes).flatMap(([name, series]) => [
      ...slope(`memory of ${name}`, series['Pss MB'].line, bounds.memorySlope),
      ...slope(`number of open files of ${name}`, series.files.line, bounds.filesSlope),
    ]),
    ...slope('number of busy database connections', pool.busy.line, bounds.poolSlope),
  ]
}
