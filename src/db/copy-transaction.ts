import type { Writable } from 'node:stream'
import { from as copyFrom } from 'pg-copy-streams'
import type { Database } from './database.ts'
import type { Queryable, Statement } from './queryable.ts'

/** An open transaction that can take bulk data too. While a copy is open, nothing else may be asked. */
export interface CopyTransaction extends Queryable {
  /** Runs `copy … from stdin`; what is written to the stream goes to the server at its pace. */
  copyIn(text: string): Writable
}

/**
 * Runs `work` in one transaction for bulk work, on a connection of its own: no statement limit, no second try (the caller
 * has its own way to try again: a job). An error closes the connection, which takes back everything at once, also in
 * the middle of a copy. An error of the commit itself leaves open whether it took place.
 */
export async function withCopyTransaction<T>(db: Database, work: (tx: CopyTransaction) => Promise<T>): Promise<T> {
  const client = await db.pool.connect()
  let failed = true
  try {
    await client.query('begin')
    await client.query('set local statement_timeout = 0')
    const value = await work({
      query: <R extends object>(statement: Statement) => client.query<R>(statement),
      copyIn: (text) => client.query(copyFrom(text)),
    })
    const { command } = await client.query('commit')
    if (command !== 'COMMIT') throw new Error('the transaction had failed, and its error was swallowed')
    failed = false
    return value
  } finally {
    client.release(failed)
  }
}
