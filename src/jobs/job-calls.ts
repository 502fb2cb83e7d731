import type { RedisOptions } from 'ioredis'
import type { Logger } from 'pino'
import type { Queryable } from '../db/queryable.ts'
import { createRedisConnections, type RedisConnections } from '../redis/redis-connections.ts'
import { redisOptionsOf } from '../redis/redis-url.ts'
import type { BullQueue } from './bull-queue.ts'

/** How jobs are announced by this process: `ctx.jobs`. */
export interface JobCalls {
  /** Says that jobs were enqueued and committed. Cheap, never fails, never waits; without Redis NOTIFY has said it. */
  wake(): void
  /** Whether Redis carries the news. */
  readonly hasQueue: boolean
  /** The queue on Redis, when one is configured; opened when it is first asked for. */
  queue(): Promise<BullQueue> | null
  close(): Promise<void>
}

export function createJobCalls(db: Queryable, brokerUrl: string | undefined, log: Logger): JobCalls {
  const options = readOptions(brokerUrl, log)
  let redis: RedisConnections | undefined
  let opened: Promise<BullQueue> | undefined
  const open = async () => {
    if (!options) throw new Error('no Redis is configured')
    // Bull and ioredis take their time to load: only where they are used.
    const { createBullQueue } = await import('./bull-queue.ts')
    redis = createRedisConnections(options, log)
    return createBullQueue(db, redis, log)
  }
  const queue = () => {
    if (!options) return null
    opened ??= open()
    return opened
  }
  return {
    hasQueue: options !== null,
    queue,
    wake() {
      queue()
        ?.then((bull) => bull.announce())
        .catch((error) => log.warn({ err: error }, 'the job queue cannot be opened; jobs go through PostgreSQL'))
    },
    async close() {
      await (await opened)?.close()
      redis?.close()
    },
  }
}

/** Null where there is no Redis to be used, with a word in the log when one was wanted. */
function readOptions(brokerUrl: string | undefined, log: Logger): RedisOptions | null {
  if (!brokerUrl) return null
  try {
    const options = redisOptionsOf(brokerUrl)
    if (!options) log.warn('the broker is no Redis; jobs go through PostgreSQL')
    return options
  } catch (error) {
    log.error({ err: error }, "a file of the broker's URL cannot be read; jobs go through PostgreSQL")
    return null
  }
}
