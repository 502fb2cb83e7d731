import sql, { raw } from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Queryable, Statement } from '../../../src/db/queryable.ts'
import { compileFilters } from '../../../src/filters/compile-filter.ts'
import { parseFilters } from '../../../src/filters/grammar.ts'
import { tables, withAlias } from '../../../src/filters/tables.ts'
import { listRows } from '../../../src/pages/list-rows.ts'
import { pageOf } from '../../../src/pages/page.ts'
import { openTestDatabase } from '../filters/database.ts'

const { db, close } = await openTestDatabase(1000)
afterAll(close)

const ROWS = 5000

beforeAll(async () => {
  await db.query(sql`
    insert into runs (id, start_time, created, source, duration)
    select gen_random_uuid(), timestamp '2024-01-01' + n * interval '1 minute', now(), 's' || n % 10, n
    from generate_series(1, ${ROWS}::int) as n`)
  await db.query({ text: 'analyze runs' })
})

interface Asked {
  readonly filters?: string[]
  readonly page?: number
  readonly pageSize?: number
  readonly estimate?: boolean
  readonly isNarrow?: boolean
  readonly findTotal?: () => Promise<number | null>
}

async function list({ filters: texts = [], page = 1, pageSize = 25, estimate = false, ...more }: Asked) {
  const statements: string[] = []
  const counted: Queryable = {
    query: <R extends object>(statement: Statement) => {
      statements.push(
        statement.text.trim().split(/[\s(]/, 1)[0] === 'explain'
          ? 'explain'
          : statement.text.startsWith('select ((select count(*)')
            ? 'count'
            : 'page',
      )
      return db.query<R>(statement)
    },
  }
  const filters = parseFilters(texts)
  const listed = await listRows<{ duration: number }>(counted, {
    columns: raw('r.duration'),
    from: raw('runs as r'),
    where: compileFilters(withAlias(tables.runs, 'r'), filters),
    orderBy: raw('r.start_time desc'),
    page: pageOf({ page, pageSize }),
    estimate,
    filters,
    ...more,
  })
  return { ...listed, statements }
}

describe('the total of a list', () => {
  test('is counted when the page is full', async () => {
    const { rows, totalItems, statements } = await list({ pageSize: 2 })
    expect(rows.map((row) => row.duration)).toEqual([ROWS, ROWS - 1])
    expect(totalItems).toBe(ROWS)
    expect(statements).toEqual(['page', 'count'])
  })
  test('is known without counting when the first page is not full', async () => {
    expect(await list({ filters: ['duration<4'] })).toMatchObject({ totalItems: 3, statements: ['page'] })
    expect(await list({ filters: ['duration<0'] })).toMatchObject({ totalItems: 0, rows: [], statements: ['page'] })
    expect(await list({ filters: ['duration<4'], estimate: true })).toMatchObject({
      totalItems: 3,
      statements: ['page'],
    })
  })
  test('is known on the last page', async () => {
    const { rows, totalItems, statements } = await list({ page: 72, pageSize: 70 })
    expect(rows).toHaveLength(ROWS - 71 * 70)
    expect({ totalItems, statements }).toEqual({ totalItems: ROWS, statements: ['page'] })
  })
  test('is counted past the end', async () => {
    expect(await list({ page: 1000 })).toMatchObject({ rows: [], totalItems: ROWS, statements: ['page', 'count'] })
    expect(await list({ page: 2 ** 53, pageSize: 1000 })).toMatchObject({ rows: [], totalItems: ROWS })
  })
})

describe('a narrow list', () => {
  test('tells its total with the page', async () => {
    const filters = ['duration<=1000']
    for (const estimate of [true, false]) {
      const listed = await list({ filters, isNarrow: true, estimate })
      expect(listed).toMatchObject({ totalItems: 1000, statements: ['page'] })
      expect(listed.rows).toHaveLength(25)
    }
    expect(await list({ filters, isNarrow: true, page: 3 })).toMatchObject({ totalItems: 1000, statements: ['page'] })
    expect(await list({ filters, isNarrow: true, page: 99 })).toMatchObject({
      totalItems: 1000,
      statements: ['page', 'count'],
    })
  })
  test('that is none is counted like any other', async () => {
    const counted = await list({ isNarrow: true })
    expect(counted).toMatchObject({ totalItems: ROWS, statements: ['page', 'count'] })
    const border = await list({ filters: ['duration<=1001'], isNarrow: true })
    expect(border).toMatchObject({ totalItems: 1001, statements: ['page', 'count'] })
  })
})

describe('a list that knows its total', () => {
  test('is not counted, unless it does not know after all', async () => {
    const known = await list({ findTotal: async () => 6000 })
    expect(known).toMatchObject({ totalItems: 6000, statements: ['page'] })
    const unknown = await list({ findTotal: async () => null })
    expect(unknown).toMatchObject({ totalItems: ROWS, statements: ['page', 'count'] })
    expect(await list({ findTotal: async () => 3, pageSize: 10 })).toMatchObject({ totalItems: 10 })
  })
})

describe('estimate=true', () => {
  test('takes the planner’s estimate where it is large', async () => {
    const { totalItems, statements } = await list({ estimate: true })
    expect(statements).toEqual(['page', 'explain'])
    expect(totalItems).toBe(ROWS)
  })
  test('plans with the filter’s values', async () => {
    const { totalItems } = await list({ filters: ['duration>1000'], estimate: true })
    expect(totalItems).toBeGreaterThan(3500)
    expect(totalItems).toBeLessThan(4500)
  })
  test('counts where the estimate is small', async () => {
    const { totalItems, statements } = await list({ filters: ['source=s3'], estimate: true })
    expect(statements).toEqual(['page', 'explain', 'count'])
    expect(totalItems).toBe(ROWS / 10)
  })
})

describe('what only the database can refuse is a 400 that names the filter', () => {
  test.each([
    'source~[',
    'source~(',
    'source~*',
    'source~a{400}',
    'metadata.a~[',
    'id~[',
    'source~((((a{200}){200}){200}){200})',
    `source~${'('.repeat(499)}a${')'.repeat(498)}`,
  ])('%s', async (text) => {
    await expect(list({ filters: [text, 'duration>1'] })).rejects.toMatchObject({
      code: 'invalid_filter',
      message: expect.stringContaining(text.slice(0, 200)),
    })
  })
  test('a pattern that takes for ever ends at the statement’s limit', async () => {
    await db.query(
      sql`insert into runs (id, start_time, created, source) values (gen_random_uuid(), now(), now(), ${`${'a'.repeat(2001)}b`})`,
    )
    const text = 'source~^(a+)(a+)(a+)\\1\\2\\3b$'
    await expect(list({ filters: [text] })).rejects.toMatchObject({
      code: 'statement_timeout',
      message: expect.stringContaining(text),
    })
  })
})
