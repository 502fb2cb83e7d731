import { type Pools, readPools } from './pools.ts'
import type { Lag } from './probe-reading.ts'
import { type Processes, watchFamily } from './processes.ts'

/** One process at one moment. Memory in MB. */
export interface Sample {
  /** Seconds since the load began. */
  readonly t: number
  readonly name: string
  readonly pid: number
  readonly values: Readonly<Record<Measure, number>>
}

/** What is watched of a process, in the order of the report; names as the report prints them. */
export const measures = [
  'Pss MB',
  'RSS MB',
  'heap used MB',
  'heap MB',
  'external MB',
  'files',
  'handles',
  'lag p99 ms',
  'lag max ms',
  'gc max ms',
  'CPU %',
  'waits for CPU %',
] as const
export type Measure = (typeof measures)[number]

/** Of one event loop, over the whole load: how late it was, and what of that was its own work. */
export interface Lags {
  readonly all: Lag
  readonly own: Lag
}

export interface PoolSample extends Pools {
  readonly t: number
}

export interface Sampler {
  readonly samples: readonly Sample[]
  readonly pools: readonly PoolSample[]
  /** What counts from the beginning begins now. */
  begin(): Promise<void>
  /** Takes a last sample, and gives the lag of each process since `begin`. */
  stop(): Promise<ReadonlyMap<string, Lags>>
}

export interface SamplerOptions {
  readonly pid: number
  /** Where the probes' sockets are. */
  readonly folder: string
  readonly metricsUrl: string
  readonly everyMs: number
}

const MB = 2 ** 20

/** Watches the server of this supervisor until it is stopped. */
export function startSampler({ pid, folder, metricsUrl, everyMs }: SamplerOptions): Sampler {
  const family: Processes = watchFamily(pid, folder)
  const samples: Sample[] = []
  const pools: PoolSample[] = []
  const overall = new Map<string, Lags>()
  let began = performance.now()
  let on = true

  async function take(command: 'read' | 'begin'): Promise<void> {
    const t = (performance.now() - began) / 1000
    const [readings, pool] = await Promise.all([family.read(command), readPools(metricsUrl)])
    if (pool) pools.push({ t, ...pool })
    for (const { name, pid: process, kernel, probe } of readings) {
      overall.set(name, { all: probe.lagOverall, own: probe.ownLag })
      samples.push({
        t,
        name,
        pid: process,
        values: {
          'Pss MB': kernel.pss / MB,
          'RSS MB': kernel.rss / MB,
          'heap used MB': probe.heapUsed / MB,
          'heap MB': probe.heapTotal / MB,
          'external MB': probe.external / MB,
          files: kernel.files,
          handles: probe.handles,
          'lag p99 ms': probe.lag.p99,
          'lag max ms': probe.lag.max,
          'gc max ms': probe.gcMax,
          'CPU %': kernel.cpuPercent,
          'waits for CPU %': kernel.waitPercent,
        },
      })
    }
  }
  let taking = Promise.resolve()
  const timer = setInterval(() => {
    taking = taking.then(() => (on ? take('read') : undefined)).catch(() => undefined)
  }, everyMs)

  return {
    samples,
    pools,
    async begin() {
      await taking
      began = performance.now()
      samples.length = 0
      pools.length = 0
      await take('begin')
    },
    async stop() {
      clearInterval(timer)
      await taking
      on = false
      await take('read')
      family.close()
      return overall
    },
  }
}
