import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../src/db/database.ts'
import { createRecountSchedule, type RecountSchedule } from '../../../src/jobs/recount-schedule.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../../helpers/database.ts'

const NEVER = 3_600_000
const [bad, good] = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002']

let database: TestDatabase
let db: Database
let recounts: RecountSchedule

beforeEach(async () => {
  database = await createTestDatabase()
  const log = pino({ level: 'silent' })
  db = createDatabase({ url: database.url, log, applicationName: 'test', statementTimeoutMs: 400 })
  recounts = createRecountSchedule(db, log, { delayMs: NEVER, sweepMs: NEVER })
  await runSql(
    database.url,
    ...[bad, good].flatMap((id) => [
      `insert into runs (id, start_time, created) values ('${id}', now(), now())`,
      `insert into results (id, run_id, result, start_time) values ('${randomUUID()}', '${id}', 'passed', now())`,
      `insert into run_changes values ('${id}'), ('${id}')`,
    ]),
  )
})

afterEach(async () => {
  await recounts.close()
  await db.close()
  await database.drop()
})

/** Lays a trap on writes of the bad run. */
const onWrite = (statement: string) =>
  runSql(
    database.url,
    `create function trap() returns trigger language plpgsql as $$ begin ${statement}; return new; end $$`,
    `create trigger trap before update on runs for each row when (new.id = '${bad}') execute function trap()`,
  )
const counted = async () =>
  (
    await runSql<{ id: string }>(database.url, "select id from runs where (summary ->> 'tests')::int = 1 order by id")
  ).map(({ id }) => id)
const marked = async () =>
  (await runSql<{ run_id: string }>(database.url, 'select run_id from run_changes')).map((row) => row.run_id)

test('a run that cannot be recounted keeps its marks, and the others are recounted', async () => {
  await onWrite("raise exception 'out of range' using errcode = '22003'")
  await recounts.recountNow()
  expect(await counted()).toEqual([good])
  expect(await marked()).toEqual([bad, bad])
  // It is set aside: a later mark of another run is not held up either, nor is the bad one tried again and again.
  await runSql(
    database.url,
    `update runs set summary = null where id = '${good}'`,
    `insert into run_changes values ('${good}')`,
  )
  await recounts.recountNow()
  expect(await counted()).toEqual([good])
  expect(await marked()).toEqual([bad, bad])
})

test('a run whose recount takes longer than the statement limit is recounted without it', async () => {
  await onWrite('perform pg_sleep(0.8)')
  await recounts.recountNow()
  expect(await counted()).toEqual([bad, good])
  expect(await marked()).toEqual([])
})

test('a run that another transaction holds does not hold up the others', async () => {
  const held = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  const holder = db.transaction(async (tx) => {
    await tx.query({ text: `select from runs where id = '${bad}' for update` })
    held.resolve()
    await free.promise
  })
  await held.promise
  await recounts.recountNow()
  expect(await counted()).toEqual([good])
  expect(await marked()).toEqual([bad, bad])
  free.resolve()
  await holder
})
