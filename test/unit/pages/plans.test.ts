import sql, { type Sql } from 'sql-template-tag'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Queryable, Statement } from '../../../src/db/queryable.ts'
import { planOf } from '../../../src/pages/plans.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** A database whose planner expects one row more each time that it is asked. */
function createPlanner() {
  const asked: Statement[] = []
  const db: Queryable = {
    query: async <R extends object>(statement: Statement) => {
      asked.push(statement)
      if (statement.values?.includes('broken')) throw new Error('away')
      const plan = JSON.stringify([{ Plan: { 'Node Type': 'Seq Scan', 'Plan Rows': asked.length } }])
      return { rows: [{ 'QUERY PLAN': plan } as R], rowCount: 1 }
    },
  }
  return { db, asked }
}

const expectedRows = async (db: Queryable, statement: Sql) => (await planOf(db, statement)).rows

test('a plan is remembered for 10 s, by statement and values', async () => {
  const { db, asked } = createPlanner()
  const runs = (value: unknown) => expectedRows(db, sql`select 1 from runs where source = ${value}`)
  expect([await runs('a'), await runs('a'), await runs('b')]).toEqual([1, 1, 2])
  expect(await expectedRows(db, sql`select 1 from results where source = ${'a'}`)).toBe(3)
  vi.advanceTimersByTime(9_999)
  expect(await runs('a')).toBe(1)
  vi.advanceTimersByTime(2)
  expect(await runs('a')).toBe(4)
  expect(asked[0]?.text).toBe('explain (format json) select 1 from runs where source = $1')
})

test('values of other types are other statements', async () => {
  const { db } = createPlanner()
  const runs = (value: unknown) => expectedRows(db, sql`select 1 from runs where n = ${value}`)
  expect([await runs(1), await runs('1'), await runs(1n), await runs(['a,b']), await runs(['a', 'b'])]).toEqual([
    1, 2, 3, 4, 5,
  ])
})

test('each database has its own plans', async () => {
  const [one, other] = [createPlanner(), createPlanner()]
  await planOf(one.db, sql`select 1 from runs`)
  await planOf(other.db, sql`select 1 from runs`)
  expect([one.asked.length, other.asked.length]).toEqual([1, 1])
})

test('lists that come at the same time ask once; a failure is not remembered', async () => {
  const { db, asked } = createPlanner()
  const broken = () => planOf(db, sql`select 1 from runs where source = ${'broken'}`)
  const both = await Promise.allSettled([broken(), broken()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(asked).toHaveLength(1)
  await expect(broken()).rejects.toThrow('away')
  expect(asked).toHaveLength(2)
})
