import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../src/db/database.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../../helpers/database.ts'

let target: TestDatabase
let db: Database

beforeAll(async () => {
  target = await createTestDatabase()
  db = createDatabase({
    url: target.url,
    log: pino({ level: 'silent' }),
    applicationName: 'lane-test',
    statementTimeoutMs: 300,
  })
})

afterAll(async () => {
  await db.close()
  await target.drop()
})

const backendOf = async (byKey: boolean, text = 'select pg_backend_pid() as pid') => {
  const { rows } = await db.query<{ pid: number }>({ text, byKey })
  return rows[0]?.pid
}

const timesOf = (count: number, byKey: boolean) => Promise.all(Array.from({ length: count }, () => backendOf(byKey)))

test('look-ups by key share one connection, others do not', async () => {
  const lane = await timesOf(20, true)
  expect(new Set(lane).size).toBe(1)
  const pooled = await timesOf(5, false)
  expect(new Set(pooled).size).toBeGreaterThan(1)
  expect(pooled).not.toContain(lane[0])
})

test('answers reach those who asked, errors too', async () => {
  const ask = (text: string) => db.query<{ value: number }>({ text, byKey: true }).then(({ rows }) => rows[0]?.value)
  const answers = await Promise.allSettled([
    ask('select 1 as value'),
    ask('select 1 / 0 as value'),
    ask('select 3 as value'),
    ask('select nothing'),
    ask('select 5 as value'),
  ])
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason.code))).toEqual([
    1,
    '22012',
    3,
    '42703',
    5,
  ])
})

test('one that takes too long fails alone', async () => {
  const slow = db.query({ text: 'select pg_sleep(5)', byKey: true })
  const next = backendOf(true)
  await expect(slow).rejects.toMatchObject({ code: '57014' })
  expect(await next).toBeTypeOf('number')
})

test('a lost connection is replaced, and what was under way is asked again', async () => {
  const before = await backendOf(true)
  const underWay = timesOf(10, true)
  await runSql(target.url, `select pg_terminate_backend(${before})`)
  const asked = db.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid', byKey: true })
  const after = (await asked).rows[0]?.pid
  expect(after).toBeTypeOf('number')
  expect(after).not.toBe(before)
  expect(await underWay).toHaveLength(10)
})

test('within a transaction a look-up by key is part of it', async () => {
  const [own, lane] = await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid', byKey: true })
    return [rows[0]?.pid, await backendOf(true)]
  })
  expect(own).not.toBe(lane)
})
