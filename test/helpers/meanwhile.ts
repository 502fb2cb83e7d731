import pg from 'pg'
import { eventually } from './server.ts'

/** A transaction of somebody else, which is open while the server works on the same rows. */
export interface Meanwhile {
  /** Resolves when a statement of the server waits for this transaction (or after 2 s, when none does). */
  untilOneWaits(): Promise<void>
  /** Runs the last statements and commits; whoever waits goes on. */
  commit(...statements: readonly string[]): Promise<void>
}

/** Begins such a transaction with these statements, which take the locks. */
export async function beginMeanwhile(databaseUrl: string, ...statements: readonly string[]): Promise<Meanwhile> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('begin')
  for (const statement of statements) await client.query(statement)
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const count = async () => {
    // Not pg_stat_activity: a transaction sees the same one as long as it lasts.
    const waiting = await client.query(
      `select from pg_locks where not granted and ${rows[0]?.pid} = any(pg_blocking_pids(pid))`,
    )
    return waiting.rowCount ?? 0
  }
  return {
    async untilOneWaits() {
      await eventually(count, (waiting) => waiting > 0, 2_000)
    },
    async commit(...last) {
      for (const statement of last) await client.query(statement)
      await client.query('commit')
      await client.end()
    },
  }
}
