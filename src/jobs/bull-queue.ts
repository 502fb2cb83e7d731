import Bull from 'bull'
import type { Logger } from 'pino'
import type { Queryable } from '../db/queryable.ts'
import type { RedisConnections } from '../redis/redis-connections.ts'
import { listDueJobs } from './job-sql.ts'

export const QUEUE_NAME = 'jobs'
const PREFIX = 'ibutsu'
/** Jobs announced in one go. */
const BATCH = 200
/** A job that waits longer than this is announced again; Bull drops what it has already. */
const AGAIN_MS = 5_000
const TIMEOUT_MS = 2_000

/** A delivery: the news that a job is due. The job itself is in the database. */
interface Delivery {
  readonly id: string
}

/** The queue on Redis that carries the news of jobs. Losing it, or all in it, loses nothing. */
export interface BullQueue {
  readonly queue: Bull.Queue<Delivery>
  /** Whether Redis took the last announcement. */
  isUp(): boolean
  /**
   * Announces what is due. One Bull job is one delivery, `<job>:<claims>`: it is never retried there, and a job that is due
   * once more has a new id, as Bull silently drops an id that it is still working on (facts.md). Never throws on account of
   * Redis, and never waits for it for long.
   */
  announce(): Promise<void>
  /** Calls `deliver` for each delivery, `concurrency` at once. */
  consume(concurrency: number, deliver: (id: string) => Promise<void>): void
  close(): Promise<void>
}

export function createBullQueue(db: Queryable, redis: RedisConnections, log: Logger): BullQueue {
  const own: { disconnect(): void }[] = []
  const queue = new Bull<Delivery>(QUEUE_NAME, {
    prefix: PREFIX,
    // A delivery whose worker died is dropped: the lease decides when the job is handed over again.
    settings: { maxStalledCount: 0 },
    createClient: (type) => {
      const client = type === 'client' ? redis.client : type === 'subscriber' ? redis.subscriber : redis.open()
      if (type === 'bclient') own.push(client)
      return client as unknown as Bull.Queue['client']
    },
  })
  // It names its connection in Redis, and where Redis is not there that promise fails with nobody to hear it.
  Object.assign(queue, { setWorkerName: async () => undefined })
  // Connections log their own errors; others are about locks of deliveries, which decide nothing.
  queue.on('error', (error) => log.debug({ err: error }, 'the job queue met an error'))
  let up = true
  let announcing: Promise<void> | undefined
  let again = false
  const announced = new Map<string, number>()

  const announceDue = async () => {
    if (redis.client.status !== 'ready') {
      up = false
      return
    }
    const due = await listDueJobs(db, BATCH)
    const now = performance.now()
    for (const [id, at] of announced) if (now - at > AGAIN_MS) announced.delete(id)
    const fresh = due.filter(({ id, claims }) => !announced.has(`${id}:${claims}`))
    const added =
      fresh.length === 0 ? redis.answers(TIMEOUT_MS) : within(TIMEOUT_MS, queue.addBulk(fresh.map(toDelivery)))
    up = await added
    if (up) for (const { id, claims } of fresh) announced.set(`${id}:${claims}`, now)
  }
  const announce = () => {
    again = announcing !== undefined
    announcing ??= announceDue()
      .catch((error) => log.warn({ err: error }, 'due jobs could not be announced; workers find them by themselves'))
      .finally(() => {
        announcing = undefined
        if (again) return announce()
      })
    return announcing
  }
  return {
    queue,
    isUp: () => up && redis.client.status === 'ready',
    announce,
    consume(concurrency, deliver) {
      queue
        .process('*', concurrency, ({ data }) => deliver(data.id))
        .catch((error) => log.debug({ err: error }, 'the job queue ended'))
    },
    async close() {
      again = false
      await announcing
      await within(TIMEOUT_MS, queue.close(true))
      for (const client of own) client.disconnect()
    },
  }
}

function toDelivery({ id, claims, name, priority }: { id: string; claims: number; name: string; priority: number }) {
  const opts = {
    jobId: `${id}:${claims}`,
    attempts: 1,
    removeOnComplete: true,
    removeOnFail: true,
    // Bull's best is 1.
    priority: Math.max(1, 100 - priority),
  }
  return { name, data: { id }, opts }
}

/** Whether it succeeds in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timeout = Promise.withResolvers<false>()
  const timer = setTimeout(() => timeout.resolve(false), ms)
  const done = work.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([done, timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}
