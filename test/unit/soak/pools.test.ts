import { expect, it } from 'vitest'
import { parsePools } from '../../../scripts/soak/pools.ts'
import { printMetrics } from '../../../src/metrics/merge-metrics.ts'
import { createMetrics } from '../../../src/metrics/metrics.ts'

it("reads what the server's own metrics print", async () => {
  const web = createMetrics({ role: 'web', version: '1' })
  web.watchPool(() => ({ total: 9, idle: 2, limit: 10, waiting: 3, waits: 40, waitedSeconds: 1.5, away: false }))
  web.requestStarted()
  const worker = createMetrics({ role: 'worker', version: '1' })
  worker.watchPool(() => ({ total: 5, idle: 0, limit: 10, waiting: 7, waits: 100, waitedSeconds: 9, away: false }))
  const supervisor = createMetrics({ role: 'supervisor', version: '1' })
  supervisor.watchWorkers(() => [])
  supervisor.countRestart('web', 'crash')
  supervisor.countRestart('worker', 'hung')
  const all = [web, worker, supervisor]
  const text = await printMetrics(all.map((metrics) => metrics.read()))
  for (const metrics of all) metrics.close()
  expect(parsePools(text)).toEqual({
    ...{ busy: 7, open: 9, waiting: 3, waits: 40, waitSeconds: 1.5 },
    ...{ inFlight: 1, restarts: 2 },
  })
})

it('does not take a metric that is missing for a zero', () => {
  expect(parsePools('').busy).toBeNaN()
})
