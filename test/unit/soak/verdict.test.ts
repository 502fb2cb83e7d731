import { expect, it } from 'vitest'
import type { LoadReport } from '../../../scripts/soak/load/messages.ts'
import { measures, type PoolSample, type Sample } from '../../../scripts/soak/sampler.ts'
import { type Bounds, judge, type Observed, sumUp } from '../../../scripts/soak/verdict.ts'

const bounds: Bounds = {
  ...{ memory: 200, otherMemory: 90, lag: 30, ownLag: 20, failures: 0 },
  ...{ memorySlope: 20, filesSlope: 100, poolSlope: 5 },
}

const zero = Object.fromEntries(measures.map((measure) => [measure, 0])) as Sample['values']
const pool: PoolSample = { t: 0, busy: 1, open: 10, waiting: 0, waits: 0, waitSeconds: 0, inFlight: 1, restarts: 0 }
const outcome = { count: 10, p50: 1, p95: 2, p99: 3, max: 4, failed: 0, failures: [] }
const load: LoadReport = { seconds: 100, rate: 10, opened: 0, outcomes: { health: outcome } }

/** A hundred seconds of a server on which nothing happens, but for what is said. */
const observe = (change: {
  pss?: (t: number) => number
  files?: (t: number) => number
  busy?: (t: number) => number
}) => {
  const times = Array.from({ length: 100 }, (_, t) => t)
  const { pss = () => 100, files = () => 50, busy = () => 1 } = change
  const observed: Observed = {
    samples: times.map((t) => ({ t, name: 'web', pid: 1, values: { ...zero, 'Pss MB': pss(t), files: files(t) } })),
    pools: times.map((t) => ({ ...pool, t, busy: busy(t) })),
    lags: new Map([['web', { all: { p50: 1, p99: 10, max: 50 }, own: { p50: 1, p99: 5, max: 20 } }]]),
    load,
    settle: 10,
  }
  return observed
}

const webLags = (all: number, own: number): Observed['lags'] =>
  new Map([['web', { all: { p50: 1, p99: all, max: 50 }, own: { p50: 1, p99: own, max: 40 } }]])

it('takes nobody who tells the lag for a late one', () => {
  expect(judge({ ...observe({}), lags: new Map() }, bounds).broken).toHaveLength(2)
})

it('finds nothing where all is flat and small', () => {
  expect(judge(observe({}), bounds).broken).toEqual([])
})

it.each([
  ['one peak of memory', observe({ pss: (t) => (t === 50 ? 201 : 100) }), /held 201\.0 MB/],
  [
    'a supervisor that holds too much',
    {
      ...observe({}),
      samples: [...observe({}).samples, { t: 1, name: 'supervisor', pid: 2, values: { ...zero, 'Pss MB': 91 } }],
    },
    /the supervisor held 91\.0 MB/,
  ],
  ['memory that grows', observe({ pss: (t) => 100 + t / 100 }), /memory of web grows by 36\.0/],
  ['files that are left open', observe({ files: (t) => 50 + Math.floor(t / 10) }), /open files of web grows/],
  ['connections that do not come back', observe({ busy: (t) => t / 25 }), /busy database connections grows/],
  ['a late event loop', { ...observe({}), lags: webLags(31, 5) }, /31\.0 ms late/],
  ['work that holds the event loop up', { ...observe({}), lags: webLags(28, 21) }, /own work .* 21\.0 ms late/],
  ['metrics that do not tell the pool', observe({ busy: () => Number.NaN }), /did not tell the use of the pool/],
  [
    'a failure',
    { ...observe({}), load: { ...load, outcomes: { health: { ...outcome, failed: 1 } } } },
    /1 operations failed/,
  ],
  [
    'a worker that was replaced',
    { ...observe({}), pools: [pool, { ...pool, t: 1, restarts: 1 }] },
    /1 workers were replaced/,
  ],
])('finds %s', (_, observed, text) => {
  const { broken } = judge(observed, bounds)
  expect(broken).toHaveLength(1)
  expect(broken[0]).toMatch(text)
})

it('leaves the beginning out of the slope, and what is not certain out of the verdict', () => {
  expect(judge(observe({ pss: (t) => (t < 10 ? 50 : 100) }), bounds).broken).toEqual([])
  const sawTooth = (t: number) => 100 + ((t * 37) % 11) * 5
  const line = sumUp(
    observe({ pss: sawTooth }).samples.map(({ t }) => [t, sawTooth(t)]),
    10,
  ).line
  expect(Math.abs(line?.slope ?? 0)).toBeGreaterThan(0)
  expect(judge(observe({ pss: sawTooth }), bounds).broken).toEqual([])
})
