import { pino } from 'pino'
import { createDatabase, type Database } from '../../../src/db/database.ts'
import { createTestDatabase } from '../../helpers/database.ts'
import { eventually } from '../../helpers/server.ts'

/** A database of this test file's own, with the pool's settings as in production but for the limit. */
export async function openTestDatabase(
  statementTimeoutMs = 25_000,
): Promise<{ db: Database; close: () => Promise<void> }> {
  const { url, drop } = await createTestDatabase()
  const db = createDatabase({ url, log: pino({ level: 'silent' }), applicationName: 'filters', statementTimeoutMs })
  return {
    db,
    async close() {
      await db.close()
      await drop()
    },
  }
}

/** Vacuums until an index alone tells that each row is visible. What a snapshot elsewhere may still not see is left for the next try. */
export async function vacuumAll(db: Database, table: 'runs' | 'results'): Promise<void> {
  const left = await eventually(
    async () => {
      await db.query({ text: `vacuum analyze ${table}` })
      const { rows } = await db.query<{ left: number }>({
        text: `select relpages - relallvisible as left from pg_class where relname = '${table}'`,
      })
      return rows[0]?.left
    },
    (pages) => pages === 0,
  )
  if (left !== 0) throw new Error(`${left} pages of ${table} are not all visible`)
}
