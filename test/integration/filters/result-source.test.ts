import sql, { raw, type Sql } from 'sql-template-tag'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resultListQuery } from '../../../src/features/result/result-list.ts'
import { compileFilters } from '../../../src/filters/compile-filter.ts'
import { parseFilters } from '../../../src/filters/grammar.ts'
import { resultSource } from '../../../src/filters/result-source.ts'
import { countRows } from '../../../src/pages/list-rows.ts'
import { openTestDatabase, vacuumAll } from './database.ts'
import { insertRows, insertSampleRows, projectId } from './sample-rows.ts'

const { db, close } = await openTestDatabase()
afterAll(close)

const tests = ['short', 'ü'.repeat(500), `${'ü'.repeat(500)}x`, 'l'.repeat(1000), 'l'.repeat(1001), 'l'.repeat(40_000)]
const components = ['short', 'c'.repeat(1000), 'c'.repeat(1001), 'c'.repeat(30_000)]
const rows = [...tests, null].flatMap((test_id) =>
  [null, ...components].map((component) => ({
    id: crypto.randomUUID(),
    project_id: projectId,
    start_time: '2024-06-01T12:00:00',
    test_id,
    component,
  })),
)

beforeAll(async () => {
  await insertSampleRows(db)
  await insertRows(db, 'results', rows)
  await db.query(sql`
    insert into results (id, project_id, start_time, test_id, component)
    select gen_random_uuid(), ${projectId}::uuid, timestamp '2024-06-01' + n * interval '1 minute', t, 'often'
    from generate_series(1, 3000) n, unnest(array['often', repeat('o', 1001), n::text, 'x' || n, 'y' || n]) t`)
  await vacuumAll(db, 'results')
})

const nameOf = (text: string | undefined) => (text === undefined ? 'any' : `${text[0]} × ${text.length}`)
const asked = [
  ...tests.map((value): [string, readonly string[]] => ['test_id=', [value]]),
  ['test_id*', ['short', 'l'.repeat(1000)]] as const,
  ['test_id*', ['short', 'l'.repeat(1001), 'none']] as const,
]
const cases = asked.flatMap(([test, values]) =>
  [undefined, ...components].map((component) => ({ test, values, component })),
)

test.each(cases.map((one) => [`${one.test}${one.values.map(nameOf)}, ${nameOf(one.component)}`, one] as const))(
  'finds the rows of %s',
  async (_name, { test: field, values, component }) => {
    const filters = parseFilters([
      `${field}${values.join(';')}`,
      ...(component === undefined ? [] : [`component=${component}`]),
    ])
    const { from, table } = resultSource(filters)
    const found = await db.query<{ id: string }>(
      sql`select id from ${from} where ${compileFilters(table, filters)} order by id`,
    )
    const expected = rows.filter(
      (row) =>
        row.test_id !== null &&
        values.includes(row.test_id) &&
        (component === undefined || row.component === component),
    )
    expect(expected.length > 0).toBe(true)
    expect(found.rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id).sort())
  },
)

test('the estimate is that of the plain condition', async () => {
  const query = resultListQuery(
    { all: true },
    { filter: [ofProject, 'test_id=often', 'component=often'], estimate: true },
  )
  const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    sql`explain (format json) select from results
      where project_id = ${projectId}::uuid and test_id = 'often' and component = 'often'`,
  )
  const [first] = JSON.parse(String(rows[0]?.['QUERY PLAN']))
  expect(first.Plan['Plan Rows']).toBeGreaterThan(1000)
  expect(await countRows(db, query)).toBe(first.Plan['Plan Rows'])
})

async function plan(text: readonly string[], statement: (source: Sql, where: Sql) => Sql): Promise<string> {
  const filters = parseFilters(text)
  const { from, table } = resultSource(filters)
  const { rows } = await db.query<{ 'QUERY PLAN': string }>(
    sql`explain ${statement(from, compileFilters(table, filters))}`,
  )
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}
const ofProject = `project_id=${projectId}`
const count = (from: Sql, where: Sql) => sql`select count(*) from ${from} where ${where}`
const newest = (from: Sql, where: Sql) =>
  sql`select * from ${from} where ${where} order by ${raw('start_time desc')} limit 25`

test('a test of one component is counted in the index alone', async () => {
  const text = await plan([ofProject, 'test_id=often', 'component=often'], count)
  expect(text).toMatch(/Index Only Scan using ix_results_project_id_test_id_component_start_time /)
  expect(text).not.toMatch(/Filter|Append/)
})

test('a test of all components is counted in the index alone', async () => {
  const text = await plan([ofProject, 'test_id=often'], count)
  expect(text).toMatch(/Index Only Scan using ix_results_project_id_test_id_start_time /)
  expect(text).not.toMatch(/Filter|Append/)
})

test.each([
  [[], 'ix_results_project_id_test_id_start_time'],
  [['component=often'], 'ix_results_project_id_test_id_component_start_time'],
])('the newest of a test are found without sorting (%j)', async (filters, index) => {
  const text = await plan([ofProject, 'test_id=often', ...filters], newest)
  expect(text).toContain(`Index Scan using ${index} `)
  expect(text).not.toContain('Sort')
})

test('those of a long one, too', async () => {
  const text = await plan([ofProject, `test_id=${'o'.repeat(1001)}`], newest)
  expect(text).toMatch(/Index Scan using ix_results_history_long_test /)
  expect(text).not.toContain('Sort')
})
