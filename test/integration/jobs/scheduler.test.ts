import { expect, test } from 'vitest'
import { lastTick, schedules } from '../../../src/jobs/schedule.ts'
import { makeDueTicks, startScheduler } from '../../../src/jobs/scheduler.ts'
import { runSql } from '../../helpers/database.ts'
import { createJobBench } from '../../helpers/job-context.ts'
import { eventually } from '../../helpers/server.ts'

test.each([
  ['sync-aborted-runs', '2026-03-04T10:29:59.999Z', '2026-03-04T10:00:00.000Z'],
  ['sync-aborted-runs', '2026-03-04T10:30:00.000Z', '2026-03-04T10:30:00.000Z'],
  ['prune-imports', '2026-03-04T01:59:59.000Z', '2026-03-03T02:00:00.000Z'],
  ['prune-imports', '2026-03-04T02:00:00.000Z', '2026-03-04T02:00:00.000Z'],
  // 2026-03-07 is a Saturday.
  ['prune-files', '2026-03-07T04:00:00.000Z', '2026-03-07T04:00:00.000Z'],
  ['prune-results', '2026-03-07T04:59:00.000Z', '2026-02-28T05:00:00.000Z'],
  ['prune-runs', '2026-03-13T00:00:00.000Z', '2026-03-07T06:00:00.000Z'],
])('%s at %s was due at %s', (name, now, tick) => {
  const schedule = schedules.find((one) => one.name === name)
  expect(schedule && lastTick(schedule, new Date(now)).toISOString()).toBe(tick)
})

test('two schedulers make each tick once, also when looking at once and often', async () => {
  const bench = await createJobBench()
  const now = { time: Date.parse('2026-03-07T06:00:00Z') }
  const clock = { now: () => new Date(now.time) }
  const contexts = await Promise.all([bench.open(), bench.open()])
  const clocked = contexts.map((ctx) => ({ ...ctx, clock }))
  const schedulers = clocked.map((ctx) => startScheduler(ctx, 10))
  const jobs = () => runSql<{ name: string }>(bench.databaseUrl, 'select name from jobs order by name')
  const made = await eventually(jobs, (rows) => rows.length >= 3)
  expect(made.map(({ name }) => name)).toEqual(['prune-jobs', 'prune-runs', 'sync-aborted-runs'])
  await Promise.all(Array.from({ length: 40 }, (_, n) => makeDueTicks(clocked[n % 2] as (typeof clocked)[0])))
  expect(await jobs()).toHaveLength(3)
  // Nobody has run the last one: it stands for this one as well.
  now.time += 30 * 60_000
  await Promise.all(clocked.map(makeDueTicks))
  expect(await jobs()).toHaveLength(3)
  await runSql(bench.databaseUrl, "update jobs set state = 'done', finished = now()")
  await Promise.all([...clocked, ...clocked].map(makeDueTicks))
  expect((await jobs()).filter(({ name }) => name === 'sync-aborted-runs')).toHaveLength(2)
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()))
  await bench.close()
})
