import { afterAll, beforeAll, expect, test } from 'vitest'
import { fail } from '../../../src/errors.ts'
import { enqueueJob, type NewJob } from '../../../src/jobs/enqueue-job.ts'
import { JobRefused } from '../../../src/jobs/job-definition.ts'
import { claimJob } from '../../../src/jobs/job-sql.ts'
import { runSql } from '../../helpers/database.ts'
import { createJobBench, doing, type JobBench, type Work } from '../../helpers/job-context.ts'
import { eventually } from '../../helpers/server.ts'

let bench: JobBench
beforeAll(async () => {
  bench = await createJobBench()
})
afterAll(() => bench.close())

const importing = (n = 0): NewJob => ({ name: 'import', payload: { n } })

/** A context with a worker that runs nothing but `work`; both end with the test. */
async function withWorker<T>(
  work: Work,
  use: (ctx: Awaited<ReturnType<JobBench['open']>>, worker: ReturnType<JobBench['start']>) => Promise<T>,
  options: Parameters<JobBench['start']>[1] = {},
) {
  const ctx = await bench.open()
  const worker = bench.start(ctx, { definitions: doing(work), ...options })
  try {
    return await use(ctx, worker)
  } finally {
    await worker.stop(0)
  }
}

test('a job runs when its transaction commits, and its result is kept', async () => {
  const seen: unknown[] = []
  await withWorker(
    async (payload, { attempt }) => {
      seen.push(payload, attempt)
      return { answer: 42 }
    },
    async (ctx) => {
      const id = await ctx.db.transaction(async (tx) => {
        const made = await enqueueJob(tx, importing(7))
        expect(await ctx.db.query({ text: 'select from jobs where id = $1', values: [made] })).toMatchObject({
          rowCount: 0,
        })
        return made
      })
      const job = await bench.jobIn(id, 'done')
      expect(job).toMatchObject({ state: 'done', result: { answer: 42 }, attempts: 1, crashes: 0, worker: null })
    },
    // Only the notification can be as fast as this test.
    { pollMs: 60_000 },
  )
  expect(seen).toEqual([{ n: 7 }, 1])
})

test('a transaction that rolls back leaves no job', async () => {
  const ctx = await bench.open()
  const refused = ctx.db.transaction(async (tx) => {
    await enqueueJob(tx, { ...importing(), id: '00000000-0000-4000-8000-00000000000a' })
    throw new Error('no')
  })
  await expect(refused).rejects.toThrow('no')
  expect(await bench.job('00000000-0000-4000-8000-00000000000a')).toBeUndefined()
})

test('the same id again is the same job', async () => {
  const ctx = await bench.open()
  const job: NewJob = { ...importing(), id: '00000000-0000-4000-8000-00000000000b', runAt: '2100-01-01T00:00:00Z' }
  expect(await enqueueJob(ctx.db, job)).toBe(job.id)
  expect(await enqueueJob(ctx.db, job)).toBe(job.id)
})

test('a waiting job stands for all of its key, a running one does not', async () => {
  let go = () => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const ctx = await bench.open()
  const job: NewJob = { ...importing(), dedupeKey: 'k' }
  const first = await enqueueJob(ctx.db, job)
  expect(await enqueueJob(ctx.db, job)).toBe(first)
  expect(await enqueueJob(ctx.db, { ...job, dedupeKey: 'other' })).not.toBe(first)
  await withWorker(
    () => gate,
    async () => {
      await bench.jobIn(first, 'running')
      const second = await enqueueJob(ctx.db, job)
      expect(second).not.toBe(first)
      go()
      expect(await bench.jobIn(second, 'done')).toMatchObject({ state: 'done' })
    },
  )
})

test('a job that fails is tried five times with pauses, and ends failed with its error', async () => {
  const tries: number[] = []
  await withWorker(
    async (_, { attempt }) => {
      tries.push(attempt)
      throw new Error(`broken ${attempt}`)
    },
    async (ctx) => {
      const id = await enqueueJob(ctx.db, importing())
      expect(await bench.jobIn(id, 'failed')).toMatchObject({ state: 'failed', attempts: 5, error: 'broken 5' })
    },
    { pausesMs: [10, 20, 30, 40], pollMs: 20 },
  )
  expect(tries).toEqual([1, 2, 3, 4, 5])
})

test('the pauses grow and are kept in the table', async () => {
  await withWorker(
    async () => {
      throw new Error('broken')
    },
    async (ctx) => {
      const id = await enqueueJob(ctx.db, importing())
      for (const [attempt, pause] of [1, 5, 30, 120].entries()) {
        await eventually(
          () => bench.job(id),
          (job) => job?.state === 'queued' && job.attempts === attempt + 1,
        )
        const rows = await runSql<{ pause: number }>(
          bench.databaseUrl,
          `select extract(epoch from run_at - (now() at time zone 'utc'))::float8 as pause from jobs where id = '${id}'`,
        )
        expect(rows[0]?.pause).toBeGreaterThan(pause - 1)
        expect(rows[0]?.pause).toBeLessThanOrEqual(pause)
        await runSql(bench.databaseUrl, `update jobs set run_at = now() at time zone 'utc' where id = '${id}'`)
      }
      expect(await bench.jobIn(id, 'failed')).toMatchObject({ attempts: 5 })
    },
  )
})

test.each([
  ['its own refusal', new JobRefused('no such file')],
  ['what a client did wrong', fail('invalid_filter', { filter: 'a=b', reason: 'no such file' })],
])('%s is not tried again, and is told in the transaction that ends the job', async (_, error) => {
  const ctx = await bench.open()
  await runSql(bench.databaseUrl, 'create table if not exists told (error text)', 'truncate told')
  const definitions = doing(() => Promise.reject(error), {
    onFailed: async (tx, _payload, text) => {
      await tx.query({ text: 'insert into told values ($1)', values: [text] })
    },
  })
  const worker = bench.start(ctx, { definitions })
  const id = await enqueueJob(ctx.db, importing())
  expect(await bench.jobIn(id, 'failed')).toMatchObject({ attempts: 1, error: expect.stringContaining('no such file') })
  expect(await runSql(bench.databaseUrl, 'select * from told')).toEqual([
    { error: expect.stringContaining('no such file') },
  ])
  await worker.stop(0)
})

test('a process runs no more jobs at once than it may', async () => {
  let now = 0
  let most = 0
  await withWorker(
    async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 20))
      now--
    },
    async (ctx) => {
      const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => enqueueJob(ctx.db, importing(n))))
      for (const id of ids) expect(await bench.jobIn(id, 'done')).toMatchObject({ state: 'done', claims: 1 })
    },
    { concurrency: 3 },
  )
  expect(most).toBe(3)
})

test('what somebody waits for goes first, then what waits longest', async () => {
  const ctx = await bench.open()
  const order: unknown[] = []
  for (const [n, priority] of [-10, 0, 10, 10].entries()) await enqueueJob(ctx.db, { ...importing(n), priority })
  const last = (
    await runSql<{ id: string }>(
      bench.databaseUrl,
      "select id from jobs where payload = '{\"n\": 0}' and state = 'queued' and priority = -10",
    )
  )[0]
  await withWorker(
    async ({ n }) => void order.push(n),
    () => bench.jobIn(last?.id ?? '', 'done'),
    { concurrency: 1 },
  )
  expect(order).toEqual([2, 3, 1, 0])
})

/** Claims a job as a worker that dies at once. */
async function claimAndDie(ctx: Awaited<ReturnType<JobBench['open']>>, id: string) {
  expect(await claimJob(ctx.db, { worker: 'dead', leaseMs: 200, id, alone: true })).toMatchObject({ id })
}

/** As if the server had been up for long. */
const leaseMs = 200

test("a dead worker's job is taken over when its lease ends, and not before", async () => {
  const ctx = await bench.open()
  const id = await enqueueJob(ctx.db, importing())
  await claimAndDie(ctx, id)
  expect(await claimJob(ctx.db, { worker: 'early', leaseMs, id, alone: true })).toBeUndefined()
  await withWorker(
    async (_, { attempt }) => attempt,
    async () => {
      expect(await bench.jobIn(id, 'done')).toMatchObject({
        state: 'done',
        attempts: 1,
        crashes: 1,
        claims: 2,
        result: 1,
      })
    },
    { leaseMs },
  )
})

test('a job that ends its worker twice ends failed and does not come back', async () => {
  const ctx = await bench.open()
  const id = await enqueueJob(ctx.db, importing())
  await claimAndDie(ctx, id)
  await eventually(
    () => claimJob(ctx.db, { worker: 'dead too', leaseMs, id, alone: true }),
    (job) => job !== undefined,
  )
  let ran = 0
  await withWorker(
    async () => void ran++,
    async () => {
      expect(await bench.jobIn(id, 'failed')).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('twice'),
      })
    },
    { leaseMs },
  )
  expect(ran).toBe(0)
})

test('a job that may have killed its worker runs alone', async () => {
  const ctx = await bench.open()
  const suspect = await enqueueJob(ctx.db, { ...importing(666), priority: 5 })
  await claimAndDie(ctx, suspect)
  const others = await Promise.all(Array.from({ length: 8 }, (_, n) => enqueueJob(ctx.db, importing(n))))
  const now = new Set<unknown>()
  const beside: unknown[] = []
  await withWorker(
    async ({ n }) => {
      now.add(n)
      if (now.has(666)) beside.push([...now])
      await new Promise((resolve) => setTimeout(resolve, 60))
      if (now.has(666)) beside.push([...now])
      now.delete(n)
    },
    async () => {
      for (const id of [suspect, ...others]) expect(await bench.jobIn(id, 'done')).toMatchObject({ state: 'done' })
    },
    { leaseMs },
  )
  expect(beside).toEqual([[666], [666]])
})

test('a heartbeat keeps a long job, and a worker that was taken for dead writes nothing any more', async () => {
  let end = () => {}
  const held = new Promise<void>((resolve) => {
    end = resolve
  })
  let signal: AbortSignal | undefined
  await withWorker(
    (_, control) => {
      signal = control.signal
      return held
    },
    async (ctx) => {
      const id = await enqueueJob(ctx.db, importing())
      await bench.jobIn(id, 'running')
      const before = await leaseOf(id)
      await eventually(
        () => leaseOf(id),
        (lease) => lease > before + leaseMs,
      )
      expect(await bench.job(id)).toMatchObject({ claims: 1, state: 'running' })
      // Somebody else has it now.
      await runSql(bench.databaseUrl, `update jobs set claims = 2, worker = 'other' where id = '${id}'`)
      await eventually(
        async () => signal?.aborted,
        (aborted) => aborted === true,
      )
      end()
      await eventually(
        async () => 0,
        () => true,
      )
      expect(await bench.job(id)).toMatchObject({ state: 'running', worker: 'other' })
      await runSql(bench.databaseUrl, `delete from jobs where id = '${id}'`)
    },
    { leaseMs },
  )
  expect(signal?.aborted).toBe(true)
})

async function leaseOf(id: string): Promise<number> {
  const rows = await runSql<{ at: number }>(
    bench.databaseUrl,
    `select extract(epoch from lease_until)::float8 * 1000 as at from jobs where id = '${id}'`,
  )
  return rows[0]?.at ?? 0
}

test('a stop lets jobs end within the grace period, claims no more and gives back the rest', async () => {
  const ctx = await bench.open()
  let aborted = 0
  const worker = bench.start(ctx, {
    concurrency: 2,
    definitions: doing(async ({ n }, { signal }) => {
      if (n === 1) await new Promise((resolve) => setTimeout(resolve, 200))
      else await new Promise((resolve) => signal.addEventListener('abort', resolve)).then(() => aborted++)
      if (n !== 1) throw new Error('aborted')
    }),
  })
  const quick = await enqueueJob(ctx.db, importing(1))
  const slow = await enqueueJob(ctx.db, importing(2))
  await bench.jobIn(quick, 'running')
  await bench.jobIn(slow, 'running')
  const late = await enqueueJob(ctx.db, importing(3))
  await worker.stop(600)
  expect(await bench.job(quick)).toMatchObject({ state: 'done' })
  expect(await bench.job(slow)).toMatchObject({ state: 'queued', attempts: 0, crashes: 0, worker: null })
  expect(await bench.job(late)).toMatchObject({ state: 'queued', claims: 0 })
  expect(aborted).toBe(1)
  await withWorker(
    async () => 'again',
    async () => {
      for (const id of [slow, late]) expect(await bench.jobIn(id, 'done')).toMatchObject({ attempts: 1, crashes: 0 })
    },
  )
})

test('many workers never run one job twice', async () => {
  const ctx = await bench.open()
  const runs = new Map<unknown, number>()
  const definitions = doing(async ({ n }) => void runs.set(n, (runs.get(n) ?? 0) + 1))
  const workers = await Promise.all(
    Array.from({ length: 4 }, async () => bench.start(await bench.open(), { definitions, concurrency: 3 })),
  )
  const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => enqueueJob(ctx.db, importing(n))))
  for (const id of ids) expect(await bench.jobIn(id, 'done')).toMatchObject({ state: 'done', claims: 1 })
  expect([...runs.values()].every((count) => count === 1)).toBe(true)
  expect(runs.size).toBe(60)
  await Promise.all(workers.map((worker) => worker.stop(0)))
})
