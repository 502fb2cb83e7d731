import { describe, expect, test } from 'vitest'
import { hasProjectFilter, type Operator, parseFilters } from '../../../src/filters/grammar.ts'

const read = (...texts: string[]) => parseFilters(texts).map(({ field, operator, value }) => [field, operator, value])

describe('the grammar of a filter (filters.md 2)', () => {
  test.each<[string, string, Operator, string]>([
    ['env=e', 'env', 'eq', 'e'],
    ['env!e', 'env', 'ne', 'e'],
    ['duration>1', 'duration', 'gt', '1'],
    ['duration<1', 'duration', 'lt', '1'],
    ['duration)1', 'duration', 'ge', '1'],
    ['duration>=1', 'duration', 'ge', '1'],
    ['duration(1', 'duration', 'le', '1'],
    ['duration<=1', 'duration', 'le', '1'],
    ['env~^e', 'env', 'matches', '^e'],
    ['env%e', 'env', 'contains', 'e'],
    ['env*a;b', 'env', 'in', 'a;b'],
    ['env@y', 'env', 'exists', 'y'],
    // The operator is the first one after the field; the rest is the value.
    ['env==e', 'env', 'eq', '=e'],
    ['env!=e', 'env', 'ne', '=e'],
    ['env=>e', 'env', 'eq', '>e'],
    ['env= e ', 'env', 'eq', ' e '],
    ['env=', 'env', 'eq', ''],
    ['env=a\nb', 'env', 'eq', 'a'],
    ['env=a\r\u2028b', 'env', 'eq', 'a\r\u2028b'],
    ['metadata.a-b_c.d=x', 'metadata.a-b_c.d', 'eq', 'x'],
    ['metadata.a..b=x', 'metadata.a..b', 'eq', 'x'],
    // Only double quotes at the ends are taken off, any number.
    ['result="failed"', 'result', 'eq', 'failed'],
    ['env=e"', 'env', 'eq', 'e'],
    ['env=""e""""', 'env', 'eq', 'e'],
    ['env="""', 'env', 'eq', ''],
    ['x=say "hi"', 'x', 'eq', 'say "hi'],
    ["env='e'", 'env', 'eq', "'e'"],
    // D45: letters and digits of any script.
    ['metadata.größe=x', 'metadata.größe', 'eq', 'x'],
    ['metadata.ключ.版本=x', 'metadata.ключ.版本', 'eq', 'x'],
    // D35: as such a text would be stored.
    ['env=a\0b', 'env', 'eq', 'a\u{FFFD}b'],
    ['env=a\ud800b', 'env', 'eq', 'a\u{FFFD}b'],
    ['env=😀', 'env', 'eq', '😀'],
  ])('%j', (text, field, operator, value) => {
    expect(read(text)).toEqual([[field, operator, value]])
  })

  test.each([
    'nonsense',
    '',
    '=x',
    '"env=e"',
    ' env=e',
    'env = e',
    'a/b=c',
    'a b=c',
    '😀=x',
    ',',
    ',,,',
    'env',
    'env\n=e',
  ])('%j is no filter and is left out', (text) => {
    expect(read(text)).toEqual([])
  })

  test('several texts are several filters, in order', () => {
    expect(read('env=a', 'nonsense', 'result=b')).toEqual([
      ['env', 'eq', 'a'],
      ['result', 'eq', 'b'],
    ])
  })
})

describe('commas (D25)', () => {
  test.each([
    ['source=a,b', ['a,b']],
    ['source=a,', ['a,']],
    ['source=,a', [',a']],
    ['test_id=test_f[1,1]', ['test_f[1,1]']],
    ['test_id=f(1,2)', ['f(1,2)']],
    ['test_id=f[a=1,b=2]', ['f[a=1,b=2]']],
    ['test_id=f(x,y),result=failed', ['f(x,y)', 'failed']],
    ['result=failed, env=qa', ['failed, env=qa']],
    ['result=failed,env=qa', ['failed', 'qa']],
    ['result=failed,env', ['failed,env']],
    ['result=failed,metadata.any.key=x,summary.tests>1,data.x@y', ['failed', 'x', '1', 'y']],
    ['nonsense,env=qa', ['qa']],
    ['unknown=1,env=qa', ['1', 'qa']],
  ])('%j has the values %j', (text, values) => {
    expect(parseFilters([text]).map((filter) => filter.value)).toEqual(values)
  })

  test('never cut across two parameters', () => {
    expect(read('source=a', 'b')).toEqual([['source', 'eq', 'a']])
  })
})

test('a long row of quotes or commas takes no time', () => {
  const started = performance.now()
  parseFilters([`env=a${'"'.repeat(200_000)}b`, `env=${','.repeat(100_000)}`, 'a'.repeat(200_000)])
  expect(performance.now() - started).toBeLessThan(1000)
})

test.each([
  ['project_id=x', true],
  ['project_id@y', true],
  ['project_id~.', true],
  ['metadata.project=x', true],
  ['data.project!x', true],
  ['metadata.project', false],
  ['project=x', false],
  ['summary.project=x', false],
  ['env=project_id', false],
])('%j names a project: %j (filters.md 6)', (text, expected) => {
  expect(hasProjectFilter(parseFilters([text]))).toBe(expected)
})
