import sql, { raw } from 'sql-template-tag'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiError } from '../../../src/errors.ts'
import { compileFilters } from '../../../src/filters/compile-filter.ts'
import { type Filter, parseFilters } from '../../../src/filters/grammar.ts'
import { tables } from '../../../src/filters/tables.ts'
import { withFilterErrors } from '../../../src/pages/list-rows.ts'
import { openTestDatabase } from './database.ts'
import { insertRows, insertSampleRows } from './sample-rows.ts'

const { db, close } = await openTestDatabase()
afterAll(close)

beforeAll(async () => {
  await insertSampleRows(db)
  const id = 'd0000000-0000-4000-8000-000000000001'
  await insertRows(db, 'users', [{ id, email: 'a@b', is_superadmin: true, is_active: true }])
  await insertRows(db, 'imports', [{ id, created: '2024-01-01', data: { metadata: null } }])
  await insertRows(db, 'dashboards', [{ id, title: 't' }])
  await insertRows(db, 'widget_configs', [{ id, weight: 1, navigable: true, params: [] }])
  const odd = [
    '[]',
    '"x"',
    'null',
    '{"tests":1e400,"failures":"1e5","skips":"99999999999999999999"}',
    '{"tags":{},"count":1e400}',
  ]
  for (const [i, json] of odd.entries()) {
    const run = { id: `d0000000-0000-4000-8000-00000000010${i}`, start_time: '2024-01-01', created: '2024-01-01' }
    await insertRows(db, 'runs', [run])
    await db.query(sql`update runs set data = ${json}::jsonb, summary = ${json}::jsonb where id = ${run.id}::uuid`)
  }
})

/** A small generator with a seed (mulberry32), so that a failure can be had again. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const names = Object.keys(tables) as (keyof typeof tables)[]
const jsonFields = [
  'metadata',
  'metadata.tags',
  'metadata.markers',
  'metadata.count',
  'data.a.b',
  'metadata.',
  'summary',
]
const countFields = [
  'summary.tests',
  'summary.failures',
  'summary.skips',
  'summary.collected',
  'metadata.größe',
  'summary.a.b',
]
const otherFields = ['nonsense', '_password', 'constructor', 'project', 'metadata.jenkins.build_number', "a'b"]
const operators = ['=', '!', '>', '<', ')', '(', '>=', '<=', '~', '%', '*', '@']
const pieces = [
  '',
  '0',
  '5',
  '-1',
  '1e5',
  '1e400',
  '1e999999999',
  '9'.repeat(400),
  '.5',
  '1.',
  'nan',
  'inf',
  '-inf',
  'true',
  'NULL',
  'y',
  "'",
  '"',
  "''; drop table results; --",
  '\\',
  '\\\\',
  '%',
  '_',
  '$1',
  '{',
  '}',
  '{"a": 1}',
  '[1]',
  ';',
  ',',
  '\n',
  '\r',
  '\0',
  '\ud800',
  '\udc00',
  '😀',
  'é',
  '\u{FFFD}',
  '\u202e',
  ' ',
  '/',
  '(',
  ')',
  '[',
  ']',
  '[[:alpha:]]',
  '(?i)',
  '***',
  '*',
  '+',
  '{1,300}',
  'a{2',
  '\\1',
  '(a)\\1',
  '2024-01-01',
  '2024-02-30',
  '0000-00-00',
  '9999-12-31T23:59:59-14:00',
  '0001-01-01T00:00:00+14:00',
  '2024-06-01T12:00:00+02:00',
  'yesterday',
  'infinity',
  '24:00',
  'a0000000-0000-4000-8000-000000000001',
  'A0000000',
  'x',
  'passed',
]

test('no filter makes the database fail in a way that is not the caller’s', { timeout: 120_000 }, async () => {
  const seed = Date.now() % 2 ** 31
  const random = createRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const outcomes = { rows: 0, refused: 0 }
  for (let round = 0; round < 4000; round++) {
    const name = pick(names)
    const fields = [...Object.keys(tables[name].columns), ...pick([jsonFields, countFields, otherFields])]
    const value = Array.from({ length: random(4) }, () => pick(pieces)).join('')
    const text = `${pick(fields)}${pick(operators)}${value}`
    const outcome = await ask(name, parseFilters([text]))
    if (outcome instanceof Error) throw new Error(`seed ${seed}, ${name}: ${JSON.stringify(text)}`, { cause: outcome })
    outcomes[outcome]++
  }
  // Neither all refused nor all accepted: the generator reaches both.
  expect(outcomes.rows).toBeGreaterThan(500)
  expect(outcomes.refused).toBeGreaterThan(500)
})

async function ask(name: keyof typeof tables, filters: readonly Filter[]): Promise<'rows' | 'refused' | Error> {
  try {
    const where = compileFilters({ ...tables[name], containment: true }, filters)
    await withFilterErrors(filters, () => db.query(sql`select count(*) from ${raw(name)} where ${where}`))
    return 'rows'
  } catch (error) {
    const isRefusal = error instanceof ApiError && error.row.status === 400
    return isRefusal ? 'refused' : (error as Error)
  }
}
