import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppContext } from '../../../src/context.ts'
import { enqueueJob } from '../../../src/jobs/enqueue-job.ts'
import { createJobBench, doing, type JobBench } from '../../helpers/job-context.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../../helpers/redis.ts'
import { eventually } from '../../helpers/server.ts'

describeWithRedis('jobs over Bull', () => {
  let bench: JobBench
  let redis: TestRedis
  let web: AppContext
  const ran = new Map<unknown, number>()

  beforeAll(async () => {
    bench = await createJobBench()
    redis = await startRedis({ password: 'p@ss:w/rd' })
    web = await bench.open({ REDIS_URL: redis.url })
    for (let n = 0; n < 2; n++) {
      const definitions = doing(async ({ n: name }) => void ran.set(name, (ran.get(name) ?? 0) + 1))
      bench.start(await bench.open({ REDIS_URL: redis.url }), { definitions, concurrency: 2, leaseMs: 2_000 })
    }
  })
  afterAll(async () => {
    await bench.close()
    await redis.stop()
  })

  let next = 0
  /** As a request does: in a transaction, announced after it. */
  const enqueue = async (count: number) => {
    const ids: string[] = []
    for (let n = 0; n < count; n++) {
      ids.push(await web.db.transaction((tx) => enqueueJob(tx, { name: 'import', payload: { n: next++ } })))
      web.jobs.wake()
    }
    return ids
  }
  const expectDoneOnce = async (ids: readonly string[]) => {
    for (const id of ids)
      expect(await bench.jobIn(id, 'done')).toMatchObject({ state: 'done', attempts: 1, crashes: 0 })
    expect([...ran.values()].filter((count) => count !== 1)).toEqual([])
  }
  const delivered = async () => Number(await redis.run('GET', 'ibutsu:jobs:id')) || 0
  const untilUp = () =>
    eventually(
      async () => (await web.jobs.queue())?.isUp(),
      (up) => up === true,
    )

  test('jobs are delivered through Redis and leave nothing there', async () => {
    await untilUp()
    await expectDoneOnce(await enqueue(1))
    // Workers are connected now: the announcement alone must be enough.
    const began = performance.now()
    await expectDoneOnce(await enqueue(20))
    expect(performance.now() - began).toBeLessThan(3_000)
    const keys = await eventually(
      async () => (await redis.run('KEYS', 'ibutsu:jobs:*')) as string[],
      (found) => !found.some((key) => /:[0-9a-f-]{36}:\d+/.test(key)),
    )
    expect(keys.filter((key) => /:[0-9a-f-]{36}:\d+/.test(key))).toEqual([])
    expect(keys).toContain('ibutsu:jobs:id')
    expect(await delivered()).toBeGreaterThan(0)
  })

  test('they go on through PostgreSQL while Redis is down, and through Redis when it is back, empty', async () => {
    await redis.kill()
    await expectDoneOnce(await enqueue(10))
    await redis.restart()
    await untilUp()
    await expectDoneOnce(await enqueue(10))
    await eventually(delivered, (count) => count > 0)
    expect(await delivered()).toBeGreaterThan(0)
  })

  test('what was announced to a Redis that lost all is handed over again', async () => {
    const ids = await enqueue(10)
    await redis.run('FLUSHALL')
    await expectDoneOnce(ids)
  })

  test('a Redis that hangs holds up no job for long', async () => {
    await redis.pause(8_000)
    const began = performance.now()
    await expectDoneOnce(await enqueue(6))
    expect(performance.now() - began).toBeLessThan(7_500)
  })

  test('a Redis that is not there at the start is a warning', async () => {
    const ctx = await bench.open({ CELERY_BROKER_URL: 'redis://127.0.0.1:1/0' })
    const alone = await createJobBench()
    const context = await alone.open({ CELERY_BROKER_URL: 'redis://127.0.0.1:1/0' })
    alone.start(context, { definitions: doing(async () => 1) })
    const id = await enqueueJob(context.db, { name: 'import', payload: {} })
    context.jobs.wake()
    expect(await alone.jobIn(id, 'done')).toMatchObject({ result: 1 })
    await alone.close()
    ctx.jobs.wake()
  })

  test('a stop gives a running job to the next worker at once', async () => {
    const other = await createJobBench()
    const context = await other.open({ REDIS_URL: redis.url.replace(/1$/, '2') })
    const stuck = other.start(context, {
      definitions: doing(
        (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
      ),
    })
    const id = await enqueueJob(context.db, { name: 'import', payload: {} })
    context.jobs.wake()
    await other.jobIn(id, 'running')
    await stuck.stop(50)
    other.start(await other.open({ REDIS_URL: redis.url.replace(/1$/, '2') }), { definitions: doing(async () => 2) })
    expect(await other.jobIn(id, 'done')).toMatchObject({ result: 2, attempts: 1, crashes: 0 })
    await other.close()
  })
})
