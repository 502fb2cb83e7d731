import { expect, test } from 'vitest'
import { listFilterParams } from '../../../src/filters/filter-params.ts'
import { rawJson } from '../../../src/json/raw-json.ts'

test('lists columns and flattens objects with dots (filters.md 6)', () => {
  const data = rawJson('{"env":"qa","jenkins":{"job_name":"j","build":{"n":1}},"tags":["a"],"none":null,"empty":{}}')
  expect(listFilterParams(['id', 'env'], { data, params: null }).toSorted()).toEqual([
    'data.env',
    'data.jenkins.build.n',
    'data.jenkins.job_name',
    'data.none',
    'data.tags',
    'env',
    'id',
    'params',
  ])
  expect(listFilterParams([], { data: rawJson('{}'), params: rawJson('[{}]') })).toEqual(['params'])
})

test('takes metadata of any depth', () => {
  const depth = 3000
  const [name] = listFilterParams([], { data: rawJson(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) })
  expect(name?.split('.')).toHaveLength(depth + 1)
})
