import { raw } from 'sql-template-tag'
import { expect, test } from 'vitest'
import { parseFilters } from '../../../src/filters/grammar.ts'
import { compileScope, requireProjectFilter } from '../../../src/filters/scope.ts'

const column = raw('r.project_id')

test('a scope is a condition on the project (R2)', () => {
  expect(compileScope(column, { all: true }).text).toBe('true')
  expect(compileScope(column, { all: false, ids: ['a'] })).toMatchObject({
    text: 'r.project_id = $1::uuid',
    values: ['a'],
  })
  expect(compileScope(column, { all: false, ids: [] })).toMatchObject({ values: [[]] })
  expect(compileScope(column, { all: false, ids: ['a', 'b'] }).text).toBe('r.project_id = any($1::uuid[])')
})

test('a project filter narrows the scope, and never widens it', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [
    string,
    string,
    string,
  ]
  const narrowed = (...texts: string[]) => compileScope(column, { all: false, ids: [a, b] }, parseFilters(texts)).values
  expect(narrowed(`project_id=${b.toUpperCase()}`, 'env=x')).toEqual([b])
  expect(narrowed(`project_id=${c}`)).toEqual([[]])
  expect(narrowed(`project_id=${a}`, `project_id=${b}`)).toEqual([[]])
  expect(narrowed(`project_id!${b}`, `project_id*${b}`, `metadata.project=${b}`, 'project_id=x')).toEqual([[a, b]])
})

test('only a caller without projects needs a project filter', () => {
  const none = { all: false, ids: [] } as const
  expect(() => requireProjectFilter(none, [])).toThrow('Bad request, project_id filter is required')
  expect(() => requireProjectFilter(none, parseFilters(['project_id=x']))).not.toThrow()
  expect(() => requireProjectFilter({ all: false, ids: ['a'] }, [])).not.toThrow()
  expect(() => requireProjectFilter({ all: true }, [])).not.toThrow()
})
