import { expect, test } from 'vitest'
import { compileSearch } from '../../../src/filters/compile-search.ts'
import { parseFilters } from '../../../src/filters/grammar.ts'
import { tables } from '../../../src/filters/tables.ts'

const compile = (...texts: string[]) => compileSearch(tables.results, { all: true }, parseFilters(texts))

test.each([
  [['metadata.a.b=x'], true],
  [['metadata.a.b=y'], false],
  [['metadata.a.b*y;x'], true],
  [['data.a.b=x', 'result=failed'], true],
  [['metadata.a.b=x', 'metadata.n=6'], false],
  [['metadata.n=5'], true],
  [['metadata.yes=true'], true],
  [['metadata.tags=nightly'], true],
  [['metadata.tags=x'], false],
  [['metadata.a.b.c=x'], false],
  [['metadata.__proto__=x'], false],
  [['metadata.odd=x'], false],
])('%j is in the sample: %j', (texts, expected) => {
  expect(
    compile(...texts)?.isIn([
      {},
      null,
      [],
      { a: { b: 'x' }, n: 5, yes: true, tags: ['nightly', 't1'], odd: { toString: 1 } },
      { odd: [{ toString: 1 }, [null]] },
    ]),
  ).toBe(expected)
})

test.each([
  [['component=x']],
  [['metadata.a~x']],
  [['metadata.a@y']],
  [['metadata.a={"b":1}']],
  [[`metadata.a*${Array(21).fill('x').join(';')}`]],
  [['metadata.a=x', 'run_id=00000000-0000-4000-a000-000000000000']],
  [['metadata.a=x', 'test_id=t']],
  [['metadata.a=x', 'test_id*t;u']],
])('%j is no search', (texts) => {
  expect(compile(...texts)).toBeUndefined()
})
