import pg, { type Pool, type PoolClient } from 'pg'
import type { Logger } from 'pino'
import { traceStatement } from '../tracing/channels.ts'
import { isAway, isReadOnly } from './away.ts'
import { RowsTooLarge } from './bounded-query.ts'
import { type Clients, createClients } from './clients.ts'
import { toClientConfig } from './connection.ts'
import { createListener, type ListenEvents, type OnMessage, type PingOptions } from './listener.ts'
import { createPoolGate, type PoolGate, type PoolUse } from './pool-use.ts'
import type { Queryable, Rows, Statement } from './queryable.ts'
import { createRetrier, type Retrier } from './retry.ts'
import { send } from './send.ts'
import { createShortLane } from './short-lane.ts'

const idleTimeoutMs = 60_000
const pingTimeoutMs = 5_000

export interface DatabaseOptions {
  readonly url: string
  readonly log: Logger
  readonly applicationName: string
  /** Connections of this process besides the one that listens and the one for look-ups by key. */
  readonly poolSize?: number
  /** A longer statement ends in 57014, which is the caller's to answer. 0 is no limit. */
  readonly statementTimeoutMs?: number
  /** How long a statement waits for a database that is away (DB_RETRY). */
  readonly retryMs?: number
  /** A direct way to the database for LISTEN, where `url` goes through PgBouncer. */
  readonly listenUrl?: string
  /** How soon a network is noticed that has gone silent. */
  readonly ping?: PingOptions
}

/** The database of one process: a pool whose statements outlive a restart of PostgreSQL, and one LISTEN connection. */
export interface Database extends Queryable {
  readonly pool: Pool
  /** How the pool is used, for metrics. */
  use(): PoolUse
  /**
   * `query` for somebody who has waited since then (a `performance.now()`) already: `retryMs` counts from there.
   */
  waitingSince(moment: number): Queryable
  /**
   * `query` for rows of unknown size: null when they are more than `maxBytes` as PostgreSQL sends them. That costs the
   * connection, so it is for statements that seldom are.
   */
  queryUpTo<R extends object>(maxBytes: number, statement: Statement): Promise<Rows<R> | null>
  /**
   * Runs `work` in one transaction (read committed) and commits. A lost connection or a deadlock runs the whole of
   * it again, and nobody can tell whether a lost commit took place: `work` must be repeatable (ids made outside,
   * inserts idempotent by id, no effects but through `tx`). An error of `work` rolls back and is thrown on.
   * @throws ApiError `database_away` or `database_read_only` after `retryMs`
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  /**
   * Calls `onMessage` with the payload of each NOTIFY on a channel. Resolves when the channel is subscribed, or the
   * first try failed; from then on `onUp` and `onDown` tell the connection's state. The returned function ends it.
   */
  listen(channel: string, onMessage: OnMessage, events?: ListenEvents): Promise<() => Promise<void>>
  /** One round trip without a second try, for readiness. A pool with all connections at work counts as well. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Makes the pool; nothing connects before the first statement. `query` runs again when the database was away, under
 * the same rule as `transaction`: a statement that writes must be repeatable.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const { url, log, applicationName, poolSize = 10, statementTimeoutMs = 25_000, retryMs = 30_000 } = options
  const config = toClientConfig(url, { applicationName, statementTimeoutMs })
  const clients = createClients(config)
  const pool = createPool(clients, poolSize, log)
  const listener = createListener(
    toClientConfig(options.listenUrl ?? url, { applicationName: `${applicationName} listen`, statementTimeoutMs }),
    { log, ...(options.ping ? { ping: options.ping } : {}), onSilence: clients.breakOff },
  )
  const gate = createPoolGate(pool, poolSize)
  const lane = createShortLane(clients)
  const retrier = createRetrier({
    retryMs,
    log,
    // After a failover, connections that stand may still lead to the old primary: to rows of yesterday, and no news.
    onWritable() {
      gate.renew()
      lane.renew()
      listener.renew()
    },
  })

  return {
    pool,
    use: () => ({ ...gate.use(), away: retrier.isAway() }),
    query: <R extends object>(statement: Statement) =>
      retrier.run(() =>
        statement.byKey ? traceStatement(statement, () => lane.query<R>(statement)) : queryOnce<R>(gate, statement),
      ),
    waitingSince: (moment) => ({
      query: <R extends object>(statement: Statement) => retrier.run(() => queryOnce<R>(gate, statement), moment),
    }),
    queryUpTo: <R extends object>(maxBytes: number, statement: Statement) =>
      retrier.run(() => queryUpTo<R>(gate, maxBytes, statement)),
    transaction: (work) => retrier.run(() => transactionOnce(gate, work)),
    listen: listener.listen,
    ping: () => ping(pool, gate, retrier),
    async close() {
      retrier.stop()
      await Promise.all([listener.close(), lane.close(), pool.end()])
    },
  }
}

function createPool({ PooledClient }: Clients, poolSize: number, log: Logger): Pool {
  const pool = new pg.Pool({ Client: PooledClient, max: poolSize, idleTimeoutMillis: idleTimeoutMs })
  pool.on('error', (error) => log.debug({ err: error }, 'an idle connection ended'))
  // Without this an error on a connection in use, whose statement fails as well, would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

async function queryUpTo<R extends object>(
  gate: PoolGate,
  maxBytes: number,
  statement: Statement,
): Promise<Rows<R> | null> {
  try {
    return await queryOnce<R>(gate, statement, maxBytes)
  } catch (error) {
    if (error instanceof RowsTooLarge) return null
    throw error
  }
}

async function queryOnce<R extends object>(gate: PoolGate, statement: Statement, maxBytes?: number): Promise<Rows<R>> {
  const client = await gate.connect()
  let lost = false
  try {
    return await traceStatement(statement, () => send<R>(client, statement, maxBytes))
  } catch (error) {
    // pool.query would throw the connection away on every error, a unique violation included.
    lost = isAway(error) || isReadOnly(error) || error instanceof RowsTooLarge
    throw error
  } finally {
    client.release(lost)
  }
}

async function transactionOnce<T>(gate: PoolGate, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await gate.connect()
  let open = true
  const tx: Queryable = {
    query: <R extends object>(statement: Statement) => {
      if (!open) throw new Error('the transaction has ended')
      return traceStatement(statement, () => send<R>(client, statement))
    },
  }
  let lost = false
  try {
    await client.query('begin')
    const value = await work(tx)
    open = false
    await commit(client)
    return value
  } catch (error) {
    open = false
    lost = isAway(error) || isReadOnly(error) || !(await rollback(client))
    throw error
  } finally {
    client.release(lost)
  }
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('commit')
  // PostgreSQL answers the commit of a failed transaction with a rollback and no error.
  if (command !== 'COMMIT') throw new Error('the transaction had failed, and its error was swallowed')
}

async function rollback(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback')
    return true
  } catch {
    return false
  }
}

async function ping(pool: Pool, gate: PoolGate, retrier: Retrier): Promise<void> {
  if (pool.waitingCount > 0 && !retrier.isAway()) return
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new Error('the database does not answer')), pingTimeoutMs)
  try {
    await Promise.race([queryOnce(gate, { text: 'select 1' }), timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}
