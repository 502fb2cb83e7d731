import { describe, expect, test } from 'vitest'
import { resultListQuery } from '../../../src/features/result/result-list.ts'
import { runListQuery } from '../../../src/features/run/run-list.ts'
import { preparedPage } from '../../../src/pages/list-rows.ts'

const projectId = '11111111-1111-4111-8111-111111111111'
const scope = { all: false, ids: [projectId] } as const
const project = `project_id=${projectId}`

const nameOf = (list: typeof runListQuery, filter: readonly string[], page = 1, pageSize = 25) =>
  preparedPage(list(scope, { filter, page, pageSize })).name

describe.each([
  ['runs', runListQuery, [project, 'component=c', 'summary.failures>3']],
  ['results', resultListQuery, [project, 'component=c', 'test_id=t']],
] as const)('the first page of %s', (_name, list, filters) => {
  test('is prepared under one name, in whatever order and with whatever values it is asked for', () => {
    const name = nameOf(list, filters)
    expect(name).toMatch(/./)
    expect(nameOf(list, filters.toReversed())).toBe(name)
    expect(
      nameOf(
        list,
        filters.map((text) => text.replace(/[c3t]$/, '9')),
      ),
    ).toBe(name)
  })
  test('is not prepared in other forms, which may be any number', () => {
    expect(nameOf(list, [...filters, 'component=d'])).toBeUndefined()
    expect(nameOf(list, [...filters, 'env=qa'])).toBeUndefined()
    expect(
      nameOf(
        list,
        filters.map((text) => text.replace('component=', 'component%')),
      ),
    ).toBeUndefined()
    expect(nameOf(list, filters, 2)).toBeUndefined()
    expect(nameOf(list, filters, 1, 26)).toBeUndefined()
  })
})
