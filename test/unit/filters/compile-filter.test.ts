import { describe, expect, test } from 'vitest'
import { compileFilter, compileFilters } from '../../../src/filters/compile-filter.ts'
import { parseFilters } from '../../../src/filters/grammar.ts'
import { type TableSpec, tables, withAlias } from '../../../src/filters/tables.ts'

const compile = (table: TableSpec, text: string) => compileFilters(table, parseFilters([text]))

describe('names that restrict nothing (filters.md 3)', () => {
  test.each([
    'nonsense=1',
    'params.n=3',
    'Duration>1',
    'start_time.x=1',
    'project=x',
    'artifacts@y',
    'run@y',
    'to_dict=x',
    '__tablename__=runs',
    'constructor=x',
    '__proto__@y',
    'toString=x',
    'metadata.tags!odd',
    'metadata.markers~m',
    'metadata.annotations%a',
  ])('result: %s', (text) => {
    expect(compile(tables.results, text).text).toBe('true')
  })

  test.each(['_password=x', 'password=x', 'activation_code@y', 'tokens@y', '_password~^\\$2'])('user: %s', (text) => {
    expect(compile(tables.users, text).text).toBe('true')
  })
})

describe('what does not fit is a 400 that names the filter (D12)', () => {
  test.each<[keyof typeof tables, string]>([
    ['results', 'metadata=x'],
    ['results', 'metadata@y'],
    ['results', 'data@y'],
    ['results', 'summary.tests=1'],
    ['results', 'duration=x'],
    ['results', 'duration~1'],
    ['results', 'duration%1'],
    ['results', 'duration*1;x'],
    ['results', 'duration=1e999'],
    ['results', 'run_id=x'],
    ['results', 'run_id%a'],
    ['results', 'run_id*x'],
    ['results', 'start_time>2024'],
    ['results', 'start_time~2024'],
    ['results', 'start_time*2024-01-01;x'],
    ['results', 'result@'],
    ['results', 'metadata.a@'],
    ['results', 'metadata.tags@'],
    ['results', 'params~x'],
    ['results', 'params%x'],
    ['results', `test_id~${'a'.repeat(1001)}`],
    ['results', `metadata.a~${'a'.repeat(1001)}`],
    ['results', `metadata${'.a'.repeat(65)}=x`],
    ['runs', 'summary=x'],
    ['runs', 'summary.failures=x'],
    ['runs', 'summary.failures~1'],
    ['runs', 'summary.failures*1;x'],
    ['widget_configs', 'weight=1.5'],
    ['widget_configs', 'weight=99999999999'],
    ['widget_configs', 'navigable=maybe'],
    ['widget_configs', 'navigable~t'],
    ['projects', 'metadata.x=1'],
    ['projects', 'summary.x=1'],
    ['users', 'data.x=1'],
    ['users', 'is_active=x'],
    ['imports', 'summary.x=1'],
  ])('%s: %s', (table, text) => {
    const shown = text.length > 200 ? text.slice(0, 200) : text
    expect(() => compile(tables[table], text)).toThrow(
      expect.objectContaining({ code: 'invalid_filter', message: expect.stringContaining(shown) }),
    )
  })
})

test('values never stand in the text of the statement', () => {
  const texts = ['env', 'duration', 'run_id', 'start_time', 'params', 'metadata.a', 'metadata.tags', 'metadata.a.zzz']
  for (const field of texts) {
    for (const operator of ['=', '!', '>', '~', '%', '*']) {
      for (const value of [
        "zzz'; drop table results; --",
        '4242',
        'a0000000-0000-4000-8000-000000004242',
        '4242-01-01',
      ]) {
        let text = ''
        try {
          text = compile(tables.results, `${field}${operator}${value}`).text
        } catch {
          continue
        }
        expect(text).not.toMatch(/zzz|4242/)
      }
    }
  }
})

test('columns carry the alias of the statement', () => {
  const { text } = compileFilters(
    withAlias(tables.runs, 'r'),
    parseFilters(['env=x', 'metadata.a=b', 'summary.tests>1']),
  )
  expect(text).toContain('r.env')
  expect(text).toContain('r.data')
  expect(text).toContain('r.summary')
  expect(text).not.toContain('runs.')
})

test('equality helps an index on the beginning of a long text (D32)', () => {
  const long = `${'😀'.repeat(199)}ab${'c'.repeat(300)}`
  const { text, values } = compile(tables.results, `component=${long}`)
  expect(text).toContain('left(results.component, 200) = ')
  expect(values).toEqual([`${'😀'.repeat(199)}a`, long])
  // A shorter text needs no second comparison.
  expect(compile(tables.results, 'component=x').text).toBe('left(results.component, 200) = $1::text')
  expect(compile(tables.results, 'component*x;y').text).toBe('left(results.component, 200) = any($1::text[])')
  expect(compile(tables.results, 'component!x').text).not.toContain('left(')
})

test('equality in metadata helps a GIN index where the table has one', () => {
  const table = { ...tables.results, containment: true }
  const contained = (text: string) => compile(table, text).values.filter((value) => /^[{[]/.test(String(value)))
  expect(contained('metadata.a.b=v')).toEqual(['{"a":{"b":"v"}}'])
  expect(contained('metadata.a=5')).toEqual(['{"a":"5"}', '{"a":5}'])
  expect(contained('metadata.a=true')).toEqual(['{"a":"true"}', '{"a":true}'])
  expect(compile(table, 'metadata.a={"b": 1}').text).not.toContain('@>')
  expect(compile({ ...table, containment: false }, 'metadata.a=v').text).not.toContain('@>')
})

describe('widget configurations: filters about projects let rows without one through (filters.md 6)', () => {
  const one = (text: string) => parseFilters([text]).map((filter) => compileFilter(tables.widget_configs, filter)?.text)
  test('by the text of the filter', () => {
    expect(one(`project_id=11111111-1111-4111-8111-111111111111`)).toEqual([
      '(widget_configs.project_id is null or (widget_configs.project_id = $1::uuid))',
    ])
    expect(one('title=my project')).toEqual([
      '(widget_configs.project_id is null or (widget_configs.title = $1::text))',
    ])
    expect(one('title=mine')).toEqual(['widget_configs.title = $1::text'])
  })
  test('one that names no column leaves only those', () => {
    expect(one('projectzzz=1')).toEqual(['widget_configs.project_id is null'])
    expect(one('zzz=1')).toEqual([undefined])
  })
})
