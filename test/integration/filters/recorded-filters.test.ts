import sql, { raw } from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileFilters } from '../../../src/filters/compile-filter.ts'
import { parseFilters } from '../../../src/filters/grammar.ts'
import { tables } from '../../../src/filters/tables.ts'
import { openTestDatabase } from './database.ts'
import { expectedResults, expectedRuns } from './expected-rows.ts'
import { insertSampleRows, runId } from './sample-rows.ts'

const { db, close } = await openTestDatabase()
beforeAll(() => insertSampleRows(db))
afterAll(close)

/** The numbers of the sample rows that the filters find, in order. */
async function find(table: 'runs' | 'results', ...texts: string[]): Promise<number[]> {
  const named = texts.map((text) => text.replace(/\{\{run-(\d+)\}\}/g, (_, i) => runId(Number(i))))
  const where = compileFilters({ ...tables[table], containment: true }, parseFilters(named))
  const { rows } = await db.query<{ id: string }>(sql`select id from ${raw(table)} where ${where} order by id`)
  return rows.map(({ id }) => Number(id.slice(-2)))
}

const all = { runs: range(12), results: range(48) }
function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}

describe('filters find the rows that the original found', () => {
  test.each(expectedResults)('results: %s', async (filter, rows) => {
    expect(await find('results', filter)).toEqual(rows === 'all' ? all.results : rows)
  })
  test.each(expectedRuns)('runs: %s', async (filter, rows) => {
    expect(await find('runs', filter)).toEqual(rows === 'all' ? all.runs : rows)
  })
  test('several filters are joined with AND', async () => {
    expect(await find('results', 'result=failed', 'env=stage', 'duration>1')).toEqual([7, 13, 19, 25, 31, 37, 43])
    expect(await find('results', 'duration>2', 'duration<4')).toEqual([9, 10, 11, 12, 13, 14, 15])
    expect(await find('results', 'duration>2,duration<4')).toEqual([9, 10, 11, 12, 13, 14, 15])
  })
})
