import { expect, test } from 'vitest'
import type { ProjectScope } from '../../../../src/access/caller.ts'
import { resultListQuery } from '../../../../src/features/result/result-list.ts'

const [p, q] = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002']
const all: ProjectScope = { all: true }
const orderOf = (scope: ProjectScope, filter: string[]) => resultListQuery(scope, { filter }).orderBy.text

test('results of one project or run are ordered by the index that begins with it', () => {
  for (const filter of [[`project_id=${p}`], [`run_id=${p}`], ['result=passed', `project_id=${p}`]]) {
    expect(orderOf(all, filter)).toBe('start_time desc')
  }
  expect(orderOf({ all: false, ids: [p] }, [])).toBe('start_time desc')
})

test('results of several projects are ordered by the index that no project has part in', () => {
  const anyProject = "(start_time + interval '0') desc"
  for (const filter of [[], ['result=passed'], [`project_id*${p};${q}`]]) expect(orderOf(all, filter)).toBe(anyProject)
  expect(orderOf({ all: false, ids: [p, q] }, [])).toBe(anyProject)
})
