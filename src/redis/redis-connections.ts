import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'

/** The Redis connections of one process: one for commands and one for subscriptions, shared by all who need them. */
export interface RedisConnections {
  readonly client: Redis
  readonly subscriber: Redis
  /** A connection of its own, for commands that block. Its owner disconnects it. */
  open(): Redis
  /** Whether Redis answers within `timeoutMs`; one that is connected but does not answer counts as down. */
  answers(timeoutMs: number): Promise<boolean>
  close(): void
}

const longestPauseMs = 2_000

/**
 * Nothing waits for Redis: a server that is down is one warning, and connections come back by themselves.
 * `maxRetriesPerRequest` and `enableReadyCheck` are as Bull needs them (facts.md).
 */
export function createRedisConnections(options: RedisOptions, log: Logger): RedisConnections {
  let down = false
  const made = new Set<Redis>()
  const open = () => {
    const client = new Redis({
      ...options,
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
      connectTimeout: 5_000,
      retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), longestPauseMs),
    })
    client.setMaxListeners(0)
    client.on('error', (error) => {
      if (!down) log.warn({ err: error }, 'Redis is down; jobs go on through PostgreSQL')
      down = true
    })
    client.on('ready', () => {
      if (down) log.info('Redis is back')
      down = false
    })
    client.on('end', () => made.delete(client))
    made.add(client)
    return client
  }
  const client = open()
  const subscriber = open()
  return {
    client,
    subscriber,
    open,
    async answers(timeoutMs) {
      if (client.status !== 'ready') return false
      const timeout = Promise.withResolvers<false>()
      const timer = setTimeout(() => timeout.resolve(false), timeoutMs)
      try {
        return await Promise.race([client.ping().then(() => true), timeout.promise])
      } catch {
        return false
      } finally {
        clearTimeout(timer)
      }
    },
    close() {
      for (const each of made) each.disconnect()
    },
  }
}
