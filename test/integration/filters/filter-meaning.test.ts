import sql, { raw } from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileFilters } from '../../../src/filters/compile-filter.ts'
import { parseFilters } from '../../../src/filters/grammar.ts'
import { tables } from '../../../src/filters/tables.ts'
import { openTestDatabase } from './database.ts'
import { insertRows } from './sample-rows.ts'

const { db, close } = await openTestDatabase()
afterAll(close)

const uuid = (n: number): string => `c0000000-0000-4000-8000-00000000000${n}`
const project = uuid(9)
const at = (hour: number): string => `2024-10-01T${hour}:00:00`

/** Metadata of the results by number; the interesting one of each case is named in the tests. */
const metadata = [
  { count: 5, ratio: 1, text: '5', list: ['a', 5], tags: ['a', 5, '55'], deep: { a: { '': 'empty key' } } },
  { count: 100, text: 'a%b_c', obj: { b: 'c' }, tags: 'single', flag: true, none: null },
  { count: '99', text: 'A"B\\C', tags: null, flag: 'true', größe: 'XL' },
  { count: 'many', text: 'nul\u{FFFD}', tags: { a: 1 }, flag: false },
  {},
]
const sources = ['a,b', '5', '007', 'ÄÖ', null]

beforeAll(async () => {
  await insertRows(db, 'projects', [{ id: project, name: 'p', title: null }])
  const results = metadata.map((data, i) => ({
    id: uuid(i),
    project_id: i === 4 ? null : project,
    test_id: `test_f[${i},${i}]${i === 3 ? 'x'.repeat(5000) : ''}`,
    source: sources[i],
    start_time: at(10 + i),
    duration: i === 4 ? null : i,
    params: i === 4 ? null : { n: i },
    data,
  }))
  await insertRows(db, 'results', results)
  await db.query(sql`update results set data = jsonb_set(data, '{ratio}', '1.0') where id = ${uuid(0)}::uuid`)
  await db.query(
    sql`update results set data = jsonb_set(data, '{big}', '9007199254740993') where id = ${uuid(1)}::uuid`,
  )
  await db.query(sql`update results set data = '["a"]' where id = ${uuid(4)}::uuid`)

  const summaries = [
    { failures: 0 },
    { failures: '2', skips: 1e300 },
    { failures: 'x', collected: 7 },
    { failures: 1.5 },
    null,
  ]
  const runs = summaries.map((summary, i) => ({ id: uuid(i), start_time: at(10), created: at(10), summary }))
  await insertRows(db, 'runs', runs)
  await insertRows(db, 'widget_configs', [
    { id: uuid(0), weight: 10, navigable: true, project_id: project, title: 'my project', params: {} },
    { id: uuid(1), weight: 2, navigable: false, title: 'other' },
  ])
})

type Table = 'runs' | 'results' | 'projects' | 'widget_configs'

async function find(table: Table, texts: readonly string[], containment: boolean): Promise<number[]> {
  const where = compileFilters({ ...tables[table], containment }, parseFilters(texts))
  const { rows } = await db.query<{ id: string }>(sql`select id from ${raw(table)} where ${where} order by id`)
  return rows.map(({ id }) => Number(id.at(-1)))
}

async function expectFound(table: Table, text: string, rows: readonly number[]): Promise<void> {
  expect(await find(table, [text], false)).toEqual(rows)
  // The helper of the GIN index must never change what is found.
  expect(await find(table, [text], true)).toEqual(rows)
}

describe('results', () => {
  test.each<[string, number[]]>([
    // D25, D26: text columns compare texts.
    ['source=a,b', [0]],
    ['source=5', [1]],
    ['source>1', [0, 1, 3]],
    ['source%5', [1]],
    ['source~5', [1]],
    ['source=007', [2]],
    ['source=7', []],
    ['source%äö', [3]],
    ['source*5;007', [1, 2]],
    ['source*', []],
    ['source@n', [4]],
    ['source!5', [0, 2, 3]],
    ['test_id=test_f[1,1]', [1]],
    ['test_id%f_1', [1]],
    ['test_id%f_1,1', [1]],
    [`test_id=test_f[3,3]${'x'.repeat(5000)}`, [3]],
    [`test_id=test_f[3,3]${'x'.repeat(4999)}`, []],
    [`test_id*test_f[3,3]${'x'.repeat(5000)};test_f[0,0]`, [0, 3]],
    ['test_id*test_f[1,1];test_f[0,0]', [0, 1]],
    [`test_id=test_f[3,3]${'x'.repeat(191)}`, []],
    [`test_id=test_f[3,3]${'x'.repeat(192)}`, []],
    // D27: moments are UTC, offsets count.
    ['start_time=2024-10-01T12:00:00', [2]],
    ['start_time=2024-10-01T14:00:00+02:00', [2]],
    ['start_time)2024-10-01T14:00:00+02:00', [2, 3, 4]],
    ['start_time=2024-10-01T12:00:00Z', [2]],
    ['start_time*2024-10-01T12:00:00Z;2024-10-01 13:00', [2, 3]],
    ['start_time<yesterday', [0, 1, 2, 3, 4]],
    ['start_time<now', [0, 1, 2, 3, 4]],
    ['start_time>infinity', []],
    ['start_time*today;epoch', []],
    // Numbers.
    ['duration= 1', [1]],
    ['duration<inf', [0, 1, 2, 3]],
    ['duration=nan', []],
    ['duration*0;3', [0, 3]],
    ['duration@n', [4]],
    // UUIDs of any form.
    [`id=${uuid(1).toUpperCase()}`, [1]],
    [`id={${uuid(1).replaceAll('-', '')}}`, [1]],
    [`id*${uuid(1)};${uuid(2).toUpperCase()}`, [1, 2]],
    ['id~^c0.*[34]$', [3, 4]],
    ['project_id@n', [4]],
    // Whole JSON columns.
    ['params=x', []],
    ['params!x', [0, 1, 2, 3]],
    ['params>x', [0, 1, 2, 3]],
    ['params*x', []],
    ['params@n', [4]],
    // D12: numbers compare as numbers where a number is stored, else as text.
    ['metadata.count=5', [0]],
    ['metadata.count=5.0', [0]],
    ['metadata.count=100', [1]],
    ['metadata.count=99', [2]],
    ['metadata.count>40', [1, 2, 3]],
    ['metadata.count<40', [0]],
    ['metadata.count!5', [1, 2, 3]],
    ['metadata.count*5;99', [0, 2]],
    ['metadata.count%9', [2]],
    ['metadata.ratio=1', [0]],
    ['metadata.ratio=1.0', [0]],
    ['metadata.ratio=+1', [0]],
    ['metadata.ratio~^1[.]0$', [0]],
    ['metadata.big=9007199254740993', [1]],
    ['metadata.big=9007199254740992', []],
    ['metadata.big>9007199254740992', [1]],
    // Texts of other JSON values.
    ['metadata.text=5', [0]],
    ['metadata.text=A"B\\C', [2]],
    ['metadata.text%\\%b', [1]],
    ['metadata.text%a_b', [1, 2]],
    ['metadata.text=nul\0', [3]],
    ['metadata.flag=true', [1, 2]],
    ['metadata.flag=false', [3]],
    ['metadata.obj={"b": "c"}', [1]],
    ['metadata.obj={"b":"c"}', []],
    ['metadata.list=["a", 5]', [0]],
    ['metadata.list.0@y', []],
    ['metadata.none@y', []],
    ['metadata.deep.a.=empty key', [0]],
    ['metadata.größe=XL', [2]],
    ['data.count=5', [0]],
    ['metadata.missing!x', []],
    ['metadata.missing.more=x', []],
    // Lists of texts.
    ['metadata.tags=a', [0]],
    ['metadata.tags=5', [0]],
    ['metadata.tags=55', [0]],
    ['metadata.tags=single', [1]],
    ['metadata.tags*b;a', [0]],
    ['metadata.tags*5', []],
    ['metadata.tags*b;single', [1]],
    ['metadata.tags@y', [0, 1, 2, 3]],
    ['metadata.tags@n', [4]],
    ['metadata.tags!a', [0, 1, 2, 3, 4]],
    ['data.tags=single', [1]],
  ])('%s', (text, rows) => expectFound('results', text, rows))
})

describe('counts in a summary', () => {
  test.each<[string, number[]]>([
    ['summary.failures=0', [0]],
    ['summary.failures>0.5', [1, 3]],
    ['summary.failures=2', [1]],
    ['summary.failures!2', [0, 3]],
    ['summary.failures*0;2', [0, 1]],
    ['summary.failures<inf', [0, 1, 3]],
    ['summary.failures>-inf', [0, 1, 3]],
    ['summary.failures@y', [0, 1, 2, 3]],
    ['summary.failures@n', [4]],
    ['summary.skips>5', [1]],
    ['summary.skips<inf', [1]],
    ['summary.collected=7', [2]],
    ['summary.collected<10', [2]],
    ['summary.collected~7', [2]],
    ['summary@n', [4]],
    ['summary@y', [0, 1, 2, 3]],
  ])('%s', (text, rows) => expectFound('runs', text, rows))
})

describe('other tables', () => {
  test.each<[Table, string, number[]]>([
    ['projects', 'title@n', [9]],
    ['projects', 'name=p', [9]],
    ['projects', 'users@y', [9]],
    ['widget_configs', 'weight=10', [0]],
    ['widget_configs', 'weight>2', [0]],
    ['widget_configs', 'weight*2;10', [0, 1]],
    ['widget_configs', 'navigable=yes', [0]],
    ['widget_configs', 'navigable=0', [1]],
    ['widget_configs', 'navigable*t;f', [0, 1]],
    ['widget_configs', `project_id=${project}`, [0, 1]],
    ['widget_configs', `project_id=${uuid(8)}`, [1]],
    ['widget_configs', 'title=my project', [0, 1]],
    ['widget_configs', 'title=my', []],
    ['widget_configs', 'projectzzz=1', [1]],
  ])('%s: %s', (table, text, rows) => expectFound(table, text, rows))
})
