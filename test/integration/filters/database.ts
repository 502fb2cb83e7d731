import { pino } from 'pino'
import { createDatabase, type Database } from '../../../src/db/database.ts'
import { createTestDatabase } from '../../helpers/database.ts'

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
