import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { AppContext } from '../context.ts'
import type { BullQueue } from './bull-queue.ts'
import { JOBS_CHANNEL } from './enqueue-job.ts'
import { createJobSlots, type Slot } from './job-slots.ts'
import { type ClaimedJob, claimJob, extendLeases, giveBackJobs, giveBackUnknown, isSuspectDue } from './job-sql.ts'
import { definitions } from './registry.ts'
import { type JobDefinitions, PAUSES_MS, runJob } from './run-job.ts'

/** How often due jobs are looked for that nobody announced. */
const POLL_MS = 1_000
/** While Redis works, what is due for longer than this is claimed without it: its delivery was lost or is slow. */
const OVERDUE_MS = 3_000
/** A claim that took longer may be the second try of one whose answer was lost. */
const SLOW_CLAIM_MS = 500
/** After the grace period jobs have this long to hear of their abort. */
const ABORT_MS = 500

export interface JobWorkerOptions {
  readonly definitions?: JobDefinitions
  readonly concurrency?: number
  readonly leaseMs?: number
  readonly pausesMs?: readonly number[]
  readonly pollMs?: number
}

export interface JobWorker {
  /** The ids of the jobs that run now. */
  running(): string[]
  /**
   * Claims no more. Jobs that run may end within `graceMs`; what is left then is given back and runs again elsewhere, which
   * counts neither as a try nor as a crash.
   */
  stop(graceMs: number): Promise<void>
}

interface Running {
  readonly job: ClaimedJob
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/**
 * Runs jobs in this process until it is stopped. The news that one is due comes from Bull when Redis is configured and up,
 * else from NOTIFY, and in any case from a slow poll, which also makes up for what either of them lost.
 */
export function startJobWorker(ctx: AppContext, options: JobWorkerOptions = {}): JobWorker {
  const { leaseMs = ctx.config.jobLeaseSeconds * 1000, pollMs = POLL_MS } = options
  const concurrency = options.concurrency ?? ctx.config.jobConcurrency
  const worker = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`
  const running = new Map<string, Running>()
  let bull: BullQueue | undefined
  let stopping = false
  // One claim at a time, so that what the worker holds is known between two of them.
  let claiming: Promise<unknown> = Promise.resolve()

  const claim = (slot: Slot, { id = null, overdueMs = 0 }: { id?: string | null; overdueMs?: number }) => {
    const next = claiming.then(async () => {
      if (stopping) return undefined
      const began = performance.now()
      const job = await claimJob(ctx.db, { worker, leaseMs, id, overdueMs, alone: slot.alone })
      if (performance.now() - began > SLOW_CLAIM_MS) {
        await giveBackUnknown(ctx.db, worker, [...running.keys(), ...(job ? [job.id] : [])])
      }
      return job && start(job, slot)
    })
    claiming = next.catch(() => undefined)
    return next
  }
  const start = (job: ClaimedJob, slot: Slot): Running => {
    if (job.crashes > 0) slot.keepAlone()
    const abort = new AbortController()
    const settings = { definitions: options.definitions ?? definitions, pausesMs: options.pausesMs ?? PAUSES_MS }
    const ended = runJob(ctx, job, { ...settings, signal: abort.signal, heartbeat: beat })
      // The row keeps its lease then, and is taken over when that ends.
      .catch((error) => ctx.log.error({ err: error, jobId: job.id }, 'what became of a job could not be written'))
      .finally(() => {
        if (running.get(job.id)?.job.claims === job.claims) running.delete(job.id)
        slot.free()
      })
    const started = { job, abort, ended }
    running.set(job.id, started)
    return started
  }
  const onError = (error: unknown) => {
    if (!stopping) ctx.log.warn({ err: error }, 'jobs could not be claimed; it is tried again')
  }

  const fill = async (overdueMs: number) => {
    for (;;) {
      const slot = slots.tryTake()
      if (!slot) return
      const job = await claim(slot, { overdueMs }).catch((error) => onError(error))
      if (!job) {
        slot.freeUnused()
        return
      }
    }
  }
  // Due while it looks already: that look may have been too early.
  let lookAgain = false
  let looking = false
  const look = async () => {
    lookAgain = true
    if (looking) return
    looking = true
    while (lookAgain && !stopping) {
      lookAgain = false
      await fill(bull?.isUp() ? OVERDUE_MS : 0)
    }
    looking = false
  }
  const slots = createJobSlots(concurrency, () => setImmediate(() => void look()))
  const deliver = async (id: string) => {
    const slot = await slots.take()
    if (!slot) return
    const job = await claim(slot, { id }).catch((error) => onError(error))
    if (job) await job.ended
    else slot.free()
  }

  const beat = async () => {
    const held = [...running.values()]
    if (held.length === 0) return
    const kept = await extendLeases(
      ctx.db,
      held.map(({ job }) => job),
      leaseMs,
    )
    // One that has just ended is no longer held either.
    await new Promise(setImmediate)
    for (const { job, abort, ended } of held) {
      if (kept.has(job.id) || running.get(job.id)?.ended !== ended) continue
      ctx.log.warn({ jobId: job.id }, 'a job was taken over by another worker')
      abort.abort(new Error('the job was taken over'))
    }
  }
  const sweep = async () => {
    slots.setSuspectDue(await isSuspectDue(ctx.db))
    await bull?.announce()
    void look()
  }

  const every = (ms: number, work: () => Promise<void>, failed: string) => {
    let busy = false
    return setInterval(() => {
      if (busy) return
      busy = true
      work()
        .catch((error) => ctx.log.warn({ err: error }, failed))
        .finally(() => {
          busy = false
        })
    }, ms)
  }
  const poll = every(pollMs, sweep, 'due jobs could not be looked for')
  const heart = every(leaseMs / 3, beat, 'leases of jobs could not be moved on')
  const listening = ctx.db.listen(JOBS_CHANNEL, () => bull?.isUp() || void look(), { onUp: () => void look() })
  const connecting = Promise.resolve(ctx.jobs.queue())
    .then((queue) => {
      if (!queue || stopping) return
      bull = queue
      queue.consume(concurrency, deliver)
    })
    .catch((error) => ctx.log.warn({ err: error }, 'the job queue cannot be opened; jobs go through PostgreSQL'))

  const allEnded = async () => {
    await Promise.all([...running.values()].map(({ ended }) => ended))
  }
  return {
    running: () => [...running.keys()],
    async stop(graceMs) {
      stopping = true
      slots.close()
      clearInterval(poll)
      const end = performance.now() + graceMs
      const quiet = Promise.all([claiming, connecting, listening.then((unlisten) => unlisten())])
      await atMost(
        graceMs,
        quiet.then(() => undefined),
      )
      await atMost(end - performance.now(), allEnded())
      for (const { abort } of running.values()) abort.abort(new Error('the worker stops'))
      const left = [...running.values()]
      await atMost(ABORT_MS, allEnded())
      clearInterval(heart)
      if (left.length > 0)
        await giveBackJobs(
          ctx.db,
          left.map(({ job }) => job),
        )
    },
  }
}

/** Waits for it, but not for longer. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const timeout = Promise.withResolvers<void>()
  const timer = setTimeout(timeout.resolve, Math.max(ms, 1))
  await Promise.race([work, timeout.promise])
  clearTimeout(timer)
}
