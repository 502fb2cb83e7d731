import sql from 'sql-template-tag'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runListQuery } from '../../../src/features/run/run-list.ts'
import { countRows } from '../../../src/pages/list-rows.ts'
import { openTestDatabase, vacuumAll } from './database.ts'
import { insertRows, insertSampleRows, projectId } from './sample-rows.ts'

const { db, close } = await openTestDatabase()
afterAll(close)

const scope = { all: false, ids: [projectId] } as const
const components = [null, 'short', 'c'.repeat(500), 'c'.repeat(501), 'c'.repeat(30_000)]
/** Numbers take the most room in an index for their text: each of `n: 1` is three characters and twelve bytes. */
const summaries = [
  null,
  { failures: 5 },
  { failures: 5.5 },
  { failures: '5' },
  { failures: ' +5.5 ' },
  { failures: 'many' },
  { failures: '\u20035' },
  { failures: '\u0665' },
  { failures: [5] },
  { failures: true },
  { failures: null },
  { failures: { n: 5 } },
  ['failures', 5],
  5,
  { failures: 5, n: Array(160).fill(1) },
  { failures: 5, n: Array(161).fill(1) },
  { failures: 5, deep: JSON.parse(`${'['.repeat(239)}${']'.repeat(239)}`) },
  { failures: 5, log: 'x'.repeat(30_000) },
]

beforeAll(async () => {
  await insertSampleRows(db)
  await insertRows(
    db,
    'runs',
    components.flatMap((component) =>
      summaries.map((summary) => ({
        id: crypto.randomUUID(),
        project_id: projectId,
        start_time: '2024-06-01T12:00:00',
        created: '2024-06-01T12:00:00',
        component,
        summary,
      })),
    ),
  )
  await db.query(sql`
    insert into runs (id, project_id, start_time, created, component, summary)
    select gen_random_uuid(), ${projectId}::uuid, timestamp '2024-06-01' + n * interval '1 minute', now(), 'c' || n % 20,
      jsonb_build_object('failures', n % 9)
    from generate_series(1, 5000) as n`)
  await vacuumAll(db, 'runs')
})

const listOf = (filters: readonly string[]) => runListQuery(scope, { filter: [`project_id=${projectId}`, ...filters] })

test.each(
  [
    [],
    ...['=5', '!5', '>3', '>5.25', ')5.5', '(5', '<5.5', '>-1', '!NaN', '<Infinity', '>1e-3'].map((text) => [
      `summary.failures${text}`,
    ]),
    ['summary.failures@n'],
    ['summary.failures*5;6', 'start_time>2024-06-01T11:00'],
    ['summary.n@y'],
    ['summary@n'],
    ['component=c3', 'summary.failures>3'],
    ['component*c3;short', 'summary.failures=5'],
    ['component@n', 'summary.failures=5'],
    ...components.flatMap((component) => (component === null ? [] : [[`component=${component}`]])),
  ].map((filters) => [filters.map((text) => text.slice(0, 40)), filters] as const),
)('counts the runs of %j', async (_name, filters) => {
  const list = listOf(filters)
  const { rows } = await db.query<{ total: number }>(sql`select count(*)::int as total from runs where ${list.where}`)
  expect(rows[0]?.total).toBeGreaterThan(0)
  expect(await countRows(db, list)).toBe(rows[0]?.total)
})

test.each([
  ['failures', / Index Cond: .*'failures'/],
  ['errors', / Index Cond: .*'errors'/],
  ['skips', / Filter: .*'skips'/],
])('those of a component with %s are counted in the index alone', async (key, found) => {
  const plans = (listOf(['component=c3', `summary.${key}>3`]).counted ?? []).map(async ({ from, where }) => {
    const { rows } = await db.query<{ 'QUERY PLAN': string }>(sql`explain select count(*) from ${from} where ${where}`)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
  const [short, long] = await Promise.all(plans)
  expect(short).toContain('Index Only Scan using ix_runs_summaries ')
  expect(short).toMatch(found)
  expect(long).toMatch(/ (on|using) ix_runs_long_texts /)
})

test('other filters are counted as they are listed', () => {
  expect(listOf([]).counted).toBeUndefined()
  expect(listOf(['component=c3', 'env=qa']).counted).toBeUndefined()
  expect(listOf(['summary.failures>3', 'metadata.a=b']).counted).toBeUndefined()
})
