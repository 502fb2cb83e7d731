import sql from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import type { Statement } from '../../../src/db/queryable.ts'
import { resultListQuery } from '../../../src/features/result/result-list.ts'
import { aimSearch } from '../../../src/pages/aim-search.ts'
import { pageStatement, planStatement } from '../../../src/pages/list-rows.ts'
import type { ListParameters } from '../../../src/pages/page.ts'
import { planOf } from '../../../src/pages/plans.ts'
import { type PageRead, readPage } from '../../../src/pages/read-page.ts'
import { openTestDatabase } from '../filters/database.ts'
import { insertSampleRows, projectId } from '../filters/sample-rows.ts'

const ROWS = 30_000
const scope = { all: false, ids: [projectId] } as const

const { db, close } = await openTestDatabase()
afterAll(close)

/** Builds that stand in the planner's sample of the metadata, oldest first. */
const sampled: string[] = []

/** Row n is n minutes old. Each build has three results next to each other. */
beforeAll(async () => {
  await insertSampleRows(db)
  await db.query(sql`
    insert into results (id, project_id, start_time, test_id, result, data)
    select gen_random_uuid(), ${projectId}::uuid, timestamp '2030-01-01' - n * interval '1 minute', 't', 'passed',
      jsonb_build_object('build', 'b' || n / 3, 'parity', n % 2, 'age', case when n <= 22000 then 'new' else 'old' end,
        'tags', jsonb_build_array('t' || n / 3))
    from generate_series(1, ${ROWS}::int) as n`)
  await db.query({ text: 'vacuum analyze results' })
  const { rows } = await db.query<{ build: string }>({
    text: `select bound ->> 'build' as build from pg_stats, unnest(histogram_bounds::text::jsonb[]) as bound
      where tablename = 'results' and attname = 'data' and bound ? 'build' order by substr(bound ->> 'build', 2)::int desc`,
  })
  // The planner leaves out the first and the last of its sample.
  sampled.push(...rows.slice(2, -2).map(({ build }) => build))
})

function listOf(filters: readonly string[], { page = 1, pageSize = 25, estimate = false }: ListParameters = {}) {
  return resultListQuery(scope, { filter: [`project_id=${projectId}`, ...filters], page, pageSize, estimate })
}

function kindOf(text: string): string {
  if (text.includes('pg_stats')) return 'sample'
  return text.startsWith('explain') ? 'plan' : 'near'
}

/** How a list is asked for in the end, and what was asked to find out. */
async function aim(filters: readonly string[], parameters?: ListParameters) {
  const asked: string[] = []
  const counted: Database = {
    ...db,
    query: <R extends object>(statement: Statement) => {
      asked.push(kindOf(statement.text))
      return db.query<R>(statement)
    },
    transaction: (work) => {
      asked.push('look up')
      return db.transaction(work)
    },
  }
  const query = await aimSearch(counted, listOf(filters, parameters))
  return { query, asked, aimed: query.from.text.includes('id = any') }
}

describe('a value that the planner takes for frequent', () => {
  test('is looked up in the index where it is rare and far', async () => {
    const filters = [`metadata.build=${sampled[0]}`]
    expect(await planOf(db, planStatement(listOf(filters)))).toMatchObject({ sorts: false })
    const { query, asked, aimed } = await aim(filters)
    expect({ asked, aimed }).toEqual({ asked: ['sample', 'plan', 'near', 'look up', 'look up'], aimed: true })
    const { rows } = await db.query<{ 'QUERY PLAN': string }>(sql`explain ${pageStatement(query)}`)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toContain('results_pkey')
    expect(plan).not.toContain('start_time on results')
  })
  test('is found by walking where a page of it is near', async () => {
    const near = sampled.at(-1)
    expect(await aim([`metadata.build=${near}`], { pageSize: 3 })).toMatchObject({
      asked: ['sample', 'plan', 'near'],
      aimed: false,
    })
    expect(await aim([`metadata.build=${near}`], { pageSize: 4 })).toMatchObject({ aimed: true })
    expect(await aim(['metadata.parity=1'])).toMatchObject({ asked: ['sample', 'plan', 'near'], aimed: false })
  })
  test('is found by walking where its rows are many', async () => {
    const asked = ['sample', 'plan', 'near', 'look up']
    expect(await aim(['metadata.age=old'])).toMatchObject({ asked, aimed: false })
  })
})

test('what the planner looks up itself, or other filters find, is left as it is', async () => {
  expect(await aim(['metadata.build=none'])).toMatchObject({
    asked: ['sample'],
    aimed: false,
    query: { isNarrow: true },
  })
  expect(await aim(['metadata.build~x'])).toMatchObject({ asked: [], aimed: false })
  expect(await aim(['metadata.build={"a":1}'])).toMatchObject({ asked: [], aimed: false })
  expect(await aim([`metadata.build=${sampled[0]}`, 'test_id=t'])).toMatchObject({ asked: [], aimed: false })
  expect(await aim([])).toMatchObject({ asked: [], aimed: false })
})

const idsOf = (page: PageRead<{ id: string }> | undefined) => page?.rows?.map(({ id }) => id) ?? []

describe.each([
  ['build', (value: string) => [`metadata.build=${value}`]],
  ['one of several', (value: string) => [`metadata.build*${value};none`]],
  ['tag', (value: string) => [`metadata.tags=${value.replace('b', 't')}`]],
  ['build with another filter', (value: string) => [`metadata.build=${value}`, 'result=passed']],
])('the page and the total of a %s', (_name, filtersOf) => {
  test.each([true, false])('are those of the plain list (estimate: %j)', async (estimate) => {
    for (const value of [sampled[0], sampled[1], sampled.at(-1)]) {
      const read = (page: number) =>
        readPage<{ id: string }>(db, listOf(filtersOf(value ?? ''), { page, pageSize: 2, estimate }))
      const [first, second, third] = await Promise.all([1, 2, 3].map(read))
      const plain = { ...listOf(filtersOf(value ?? '')), search: undefined }
      const all = idsOf(await readPage<{ id: string }>(db, plain))
      expect(all).toHaveLength(3)
      expect([...idsOf(first), ...idsOf(second)]).toEqual(all)
      expect(third?.rows).toEqual([])
      expect([first?.totalItems, second?.totalItems, third?.totalItems]).toEqual([3, 3, 3])
    }
  })
})

test('the planner is asked where all documents are too large for its sample', async () => {
  await db.query({ text: `update results set data = data || jsonb_build_object('log', repeat('x', 1100))` })
  await db.query({ text: 'vacuum analyze results' })
  const { asked } = await aim([`metadata.build=b${ROWS / 3 - 1}`])
  expect(asked.slice(0, 2)).toEqual(['sample', 'plan'])
})
