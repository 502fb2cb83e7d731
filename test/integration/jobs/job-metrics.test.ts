import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppContext } from '../../../src/context.ts'
import { enqueueJob } from '../../../src/jobs/enqueue-job.ts'
import { watchJobCounts } from '../../../src/jobs/job-counts.ts'
import { JobRefused } from '../../../src/jobs/job-definition.ts'
import { createMetrics } from '../../../src/metrics/metrics.ts'
import { runSql } from '../../helpers/database.ts'
import { createJobBench, doing, type JobBench } from '../../helpers/job-context.ts'
import { eventually } from '../../helpers/server.ts'

let bench: JobBench
let ctx: AppContext
beforeAll(async () => {
  bench = await createJobBench()
  ctx = await bench.open()
})
afterAll(() => bench.close())

test('tries are counted as they end, and the gauges say what waits and runs', async () => {
  const metrics = createMetrics({ role: 'worker', version: '1.2.3' })
  const counts = watchJobCounts(ctx.db, ctx.log, 50)
  metrics.watchJobs(['import', 'prune-runs'], counts.read)
  /** The value with these labels; a histogram's count. */
  const value = (name: string, labels: Record<string, string>) =>
    metrics
      .read()
      .find((metric) => metric.name === name)
      ?.values.filter(({ metricName }) => metricName === undefined || metricName === `${name}_count`)
      .find((found) => Object.entries(labels).every(([label, text]) => found.labels[label] === text))?.value
  const tries = (name: string, outcome: string) => value('ibutsu_job_tries_total', { name, outcome })
  const inTable = (name: string, state: string) => value('ibutsu_jobs', { name, state })

  expect(
    await eventually(
      async () => inTable('import', 'queued'),
      (n) => n === 0,
    ),
  ).toBe(0)
  const fails = await enqueueJob(ctx.db, { name: 'import', payload: { fails: 1 } })
  const refused = await enqueueJob(ctx.db, { name: 'import', payload: { refused: true } })
  const waits = await enqueueJob(ctx.db, { name: 'prune-runs', payload: { waits: true } })
  await runSql(
    bench.databaseUrl,
    `update jobs set run_at = localtimestamp - interval '70 seconds' where id = '${waits}'`,
  )
  expect(
    await eventually(
      async () => inTable('import', 'queued'),
      (n) => n === 2,
    ),
  ).toBe(2)
  const longest = async () => value('ibutsu_jobs_longest_wait_seconds', {}) ?? 0
  expect(await eventually(longest, (seconds) => seconds > 69)).toBeGreaterThan(69)

  const free = Promise.withResolvers<void>()
  const definitions = doing(async ({ fails: times, refused: no, waits: long }, { attempt }) => {
    if (no) throw new JobRefused('no')
    if (long) await free.promise
    if (attempt <= Number(times)) throw new Error('not yet')
  })
  bench.start({ ...ctx, metrics }, { definitions, pausesMs: [20], concurrency: 3 })
  await bench.jobIn(fails, 'done')
  await bench.jobIn(refused, 'failed')
  expect(
    await eventually(
      async () => inTable('prune-runs', 'running'),
      (n) => n === 1,
    ),
  ).toBe(1)
  expect(await eventually(longest, (seconds) => seconds === 0)).toBe(0)
  expect(inTable('import', 'queued')).toBe(0)
  free.resolve()
  await bench.jobIn(waits, 'done')
  expect(
    await eventually(
      async () => inTable('prune-runs', 'running'),
      (n) => n === 0,
    ),
  ).toBe(0)
  expect(
    await eventually(
      async () => tries('prune-runs', 'done'),
      (n) => n === 1,
    ),
  ).toBe(1)
  expect(['done', 'failed', 'retried'].map((outcome) => tries('import', outcome))).toEqual([1, 1, 1])
  expect(value('ibutsu_job_duration_seconds', { name: 'import' })).toBe(3)
  await counts.close()
  metrics.close()
})

test('a process that measures says what the table holds', async () => {
  const measured = await bench.open({ METRICS_BIND: '127.0.0.1:0' })
  const names = () => measured.metrics.read().map(({ name }) => name)
  expect(
    await eventually(
      async () => names(),
      (found) => found.includes('ibutsu_jobs'),
    ),
  ).toContain('ibutsu_jobs')
})
