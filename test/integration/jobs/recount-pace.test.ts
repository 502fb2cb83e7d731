import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createDatabase } from '../../../src/db/database.ts'
import { createRecountSchedule } from '../../../src/jobs/recount-schedule.ts'
import { createTestDatabase, runSql } from '../../helpers/database.ts'

const MS = 2_000

test('runs that are written to all the time are recounted now and then, not all the time', async () => {
  const database = await createTestDatabase()
  const log = pino({ level: 'silent' })
  const db = createDatabase({ url: database.url, log, applicationName: 'test' })
  const run = randomUUID()
  // Counting takes 20 ms, so that a tenth of the time is a hundred counts in this test.
  await runSql(
    database.url,
    `insert into runs (id, start_time, created) values ('${run}', now(), now())`,
    'create table counts ()',
    `create function count_counts() returns trigger language plpgsql as $$ begin
       insert into counts default values; perform pg_sleep(0.02); return null; end $$`,
    'create trigger count_counts after update on runs for each statement execute function count_counts()',
  )
  const recounts = createRecountSchedule(db, log, { delayMs: 10, sweepMs: 50 })
  const end = performance.now() + MS
  while (performance.now() < end) {
    await db.query({ text: 'insert into run_changes values ($1)', values: [run] })
    recounts.schedule()
  }
  await recounts.close()
  const counts = (await runSql(database.url, 'select from counts')).length
  expect(counts).toBeGreaterThanOrEqual(2)
  expect(counts).toBeLessThanOrEqual(MS / 20 / 5)
  await db.close()
  await database.drop()
})
