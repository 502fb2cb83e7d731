import { expect, test } from 'vitest'
import { translateFilterError } from '../../../src/filters/filter-errors.ts'
import { parseFilters } from '../../../src/filters/grammar.ts'

const filters = parseFilters(['env=qa', 'test_id~['])
const state = (code: string) => Object.assign(new Error('from the database'), { code })

test('a broken pattern is the fault of the filter that has one', () => {
  const error = translateFilterError(state('2201B'), filters)
  expect(error).toMatchObject({ code: 'invalid_filter', message: expect.stringContaining('test_id~[') })
  expect(error?.message).not.toContain('env=qa')
})

test('with several patterns all of them are named', () => {
  const error = translateFilterError(state('2201B'), parseFilters(['env~[', 'test_id~(']))
  expect(error?.message).toMatch(/env~\[, test_id~\(/)
})

test('a statement over the time limit names every filter', () => {
  expect(translateFilterError(state('57014'), filters)).toMatchObject({
    code: 'statement_timeout',
    message: expect.stringContaining('env=qa, test_id~['),
  })
})

test.each(['22P02', '22003', '22007', '22008'])('a value that the database refuses (%s) is a 400', (code) => {
  expect(translateFilterError(state(code), filters)).toMatchObject({ code: 'invalid_filter' })
})

test('other errors are not the caller’s', () => {
  expect(translateFilterError(state('42703'), filters)).toBeNull()
  expect(translateFilterError(state('2201B'), [])).toBeNull()
  expect(translateFilterError(new Error('x'), filters)).toBeNull()
  expect(translateFilterError(undefined, filters)).toBeNull()
})
