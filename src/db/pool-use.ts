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
  use(): Omit<PoolUse, 'away'>
}

/** A free connection, and one that may still be opened, is no wait and costs nothing here. */
export function createPoolGate(pool: Pool, limit: number): PoolGate {
  let waits = 0
  let waitedMs = 0

  async function waitForFree(): Promise<PoolClient> {
    const since = performance.now()
    waits++
    try {
      return await pool.connect()
    } finally {
      waitedMs += performance.now() - since
    }
  }

  return {
    connect() {
      // The pool hands out idle connections a tick later: who asked in this tick is still among the waiting.
      const free = pool.idleCount + limit - pool.totalCount - pool.waitingCount
      return free > 0 ? pool.connect() : waitForFree()
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
