import { performance } from 'node:perf_hooks'
import type { Pool, PoolClient } from 'pg'

/** How a pool is used. Counts are those since the process started. */
export interface PoolUse {
  readonly total: number
  readonly idle: number
  readonly limit: number
  /** Who waits for a connection now. */
  readonly waiting: number
  readonly waits: number
  readonly waitedSeconds: number
  readonly away: boolean
}

/** Hands out connections of a pool and counts the waits for a busy one. */
export interface PoolGate {
  connect(): Promise<PoolClient>
  /** Connections that stand now are closed instead of being handed out again: they may lead to a server of the past. */
  renew(): void
  use(): Omit<PoolUse, 'away'>
}

/** A free connection, and one that may still be opened, is no wait and costs nothing here. */
export function createPoolGate(pool: Pool, limit: number): PoolGate {
  let waits = 0
  let waitedMs = 0
  let generation = 0
  const born = new WeakMap<PoolClient, number>()
  pool.on('connect', (client) => born.set(client, generation))
  const isOld = (client: PoolClient) => born.get(client) !== generation

  async function waitForFree(): Promise<PoolClient> {
    const since = performance.now()
    waits++
    try {
      return await pool.connect()
    } finally {
      waitedMs += performance.now() - since
    }
  }

  async function connect(): Promise<PoolClient> {
    // The pool hands out idle connections a tick later: who asked in this tick is still among the waiting.
    const free = pool.idleCount + limit - pool.totalCount - pool.waitingCount
    const client = await (free > 0 ? pool.connect() : waitForFree())
    if (!isOld(client)) return client
    client.release(true)
    return connect()
  }

  return {
    connect,
    renew() {
      generation++
      // The pool has no other way to its idle connections.
      for (let idle = pool.idleCount; idle > 0; idle--) {
        void pool.connect().then(
          (client) => client.release(isOld(client)),
          () => undefined,
        )
      }
    },
    use: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      limit,
      waiting: pool.waitingCount,
      waits,
      waitedSeconds: waitedMs / 1000,
    }),
  }
}
