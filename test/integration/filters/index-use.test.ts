import sql, { type Sql } from 'sql-template-tag'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileFilters } from '../../../src/filters/compile-filter.ts'
import { parseFilters } from '../../../src/filters/grammar.ts'
import { tables } from '../../../src/filters/tables.ts'
import { openTestDatabase } from './database.ts'
import { insertSampleRows } from './sample-rows.ts'

const { db, close } = await openTestDatabase()
afterAll(close)

beforeAll(async () => {
  await insertSampleRows(db)
  // A table with these indexes only, so that the planner has no other way but to read all of it.
  await db.query({ text: 'create table probe as select * from results' })
  await db.query({ text: 'create index probe_component on probe (left(component, 200))' })
  await db.query({ text: 'create index probe_data on probe using gin (data jsonb_path_ops)' })
  await db.query({ text: `create index probe_build on probe (((data->'jenkins')->>'build_number'))` })
  await db.query({ text: `create index probe_assignee on probe ((data->>'assignee'))` })
})

async function plan(where: Sql): Promise<string> {
  return db.transaction(async (tx) => {
    await tx.query({ text: 'set local enable_seqscan = off' })
    const { rows } = await tx.query<{ 'QUERY PLAN': string }>(sql`explain select id from probe where ${where}`)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
}

/** Parameters must not keep the planner from seeing that a condition is an index's expression. */
test.each([
  ['component=x', false, 'probe_component'],
  ['component*x;y', false, 'probe_component'],
  ['metadata.jenkins.build_number=103', false, 'probe_build'],
  ['metadata.jenkins.build_number*103;104', false, 'probe_build'],
  ['metadata.assignee=fay', false, 'probe_assignee'],
  ['metadata.assignee*fay;ann', false, 'probe_assignee'],
  ['metadata.any.key=value', true, 'probe_data'],
  ['metadata.any.key=5', true, 'probe_data'],
  ['metadata.any.key=true', true, 'probe_data'],
  ['metadata.any.key*value;5', true, 'probe_data'],
  ['metadata.tags=odd', true, 'probe_data'],
  ['metadata.tags*odd;even', true, 'probe_data'],
])('%s (containment: %j) can use %s', async (text, containment, index) => {
  const table = { ...tables.results, alias: 'probe', containment }
  expect(await plan(compileFilters(table, parseFilters([text])))).toMatch(new RegExp(`(on|using) ${index}\\b`))
})

test('a column that is indexed by its beginning is compared by it', async () => {
  const { rows } = await db.query<{ table: 'runs' | 'results'; column: string }>({
    text: `select distinct tablename as table, (regexp_match(indexdef, '"left"\\((\\w+), 200\\)'))[1] as column
      from pg_indexes where tablename in ('runs', 'results') and indexdef ~ '"left"\\(\\w+, 200\\)' and indexdef !~ ' WHERE '
      order by 1, 2`,
  })
  expect(rows.map(({ table, column }) => `${table}.${column}`)).toContain('results.component')
  const compared = ({ table, column }: (typeof rows)[number]) =>
    compileFilters(tables[table], parseFilters([`${column}=x`])).text
  expect(rows.map(compared)).toEqual(rows.map(({ table, column }) => `left(${table}.${column}, 200) = $1::text`))
})
