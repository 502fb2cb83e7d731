import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../helpers/server.ts'
import { insertKnownRows, NOW } from './known-rows.ts'

type Query = Readonly<Record<string, string | readonly string[]>>

let server: TestServer
let mine: string
let foreign: string

beforeAll(async () => {
  server = await startTestServer({}, { now: () => NOW })
  await Promise.all([server.addUser('wim'), server.addUser('eve')])
  mine = await server.addProject('mine', 'wim')
  foreign = await server.addProject('foreign', 'eve')
  await insertKnownRows(server, mine, foreign)
})
afterAll(() => server.close())

const ask = (widget: string, query: Query = {}, as = 'wim') =>
  server.send('GET', `/api/widget/${widget}`, {
    as,
    query: Object.entries(query).flatMap(([name, value]) =>
      (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const),
    ),
  })
const read = async (widget: string, query: Query = {}) => {
  const answer = await ask(widget, { project: mine, ...query })
  expect([answer.status, answer.text]).toEqual([200, expect.anything()])
  return answer.body
}

describe('the scope', () => {
  const total = async (query: Query, as: string) => (await ask('result-summary', query, as)).body.total

  it('is the named project, else the projects of the caller, else everything for superadmins (D3)', async () => {
    expect(await total({}, 'wim')).toBe(69)
    expect(await total({}, 'eve')).toBe(1000)
    expect(await total({}, 'admin')).toBe(1069)
    expect(await total({ project: foreign.toUpperCase() }, 'admin')).toBe(1000)
    expect(await total({ project: 'foreign' }, 'wim')).toBe(69)
    expect(await total({ project: '' }, 'wim')).toBe(69)
    expect(await total({ additional_filters: `project_id=${foreign}` }, 'wim')).toBe(0)
  })

  it.each([
    ['result-summary', {}],
    ['jenkins-analysis-view', { job_name: 'a', builds: '1' }],
    ['result-aggregator', { group_field: 'result' }],
    ['accessibility-analysis-view', { run_list: 'x' }],
  ])('of %s refuses a foreign project', async (widget, query) => {
    expect((await ask(widget, { project: foreign, ...query })).status).toBe(403)
    expect((await ask(widget, { project: [foreign, mine], ...query })).status).toBe(403)
  })
})

describe('refusals', () => {
  const job = { job_name: 'nightly', group_field: 'component' }

  it.each<[string, Query, string]>([
    ['jenkins-heatmap', job, "Parameter error for widget 'jenkins-heatmap': missing: builds"],
    [
      'jenkins-heatmap',
      { ...job, builds: '-1' },
      "Parameter error for widget 'jenkins-heatmap': builds must be at least 0",
    ],
    ['jenkins-bar-chart', { ...job, builds: '1' }, "Invalid parameters for widget 'jenkins-bar-chart': group_field"],
    [
      'jenkins-bar-chart',
      { job_name: 'a', builds: '0' },
      "Parameter error for widget 'jenkins-bar-chart': builds must be at least 1",
    ],
    ['jenkins-job-view', { page: '0' }, "Parameter error for widget 'jenkins-job-view': page must be at least 1"],
    [
      'jenkins-job-view',
      { page: '9007199254740991', page_size: '9007199254740991' },
      "Parameter error for widget 'jenkins-job-view': page is out of range: 9007199254740991",
    ],
    [
      'run-aggregator',
      { weeks: '99999999', group_field: 'env' },
      "Parameter error for widget 'run-aggregator': weeks is out of range: 99999999",
    ],
    [
      'result-aggregator',
      { group_field: 'env', days: 'nan' },
      "Parameter error for widget 'result-aggregator': days is out of range: NaN",
    ],
    [
      'result-aggregator',
      { group_field: 'summary.tests' },
      'Rows cannot be grouped by summary.tests: there is no such object here',
    ],
    [
      'result-aggregator',
      { group_field: 'metadata' },
      'Rows cannot be grouped by metadata: name a key, as in metadata.key',
    ],
    [
      'result-summary',
      { additional_filters: 'duration=x' },
      'The filter duration=x does not fit its field: the value must be a number',
    ],
    [
      'result-summary',
      { additional_filters: 'env~(' },
      'The filter env~( does not fit its field: the regular expression is not valid',
    ],
    [
      'accessibility-bar-chart',
      { run_list: 'x' },
      "Parameter error for widget 'accessibility-bar-chart': run_list must hold UUIDs: x",
    ],
    ['filter-heatmap', { filters: 'env=qa' }, "Invalid parameters for widget 'filter-heatmap': filters"],
  ])('%s %j', async (widget, query, message) => {
    const answer = await ask(widget, query)
    expect([answer.status, answer.body]).toEqual([400, message])
  })

  it('of the schema: unknown types, and a parameter called params', async () => {
    for (const [widget, query] of [
      ['nope', {}],
      ['result-summary', { params: 'x' }],
    ] as const) {
      const answer = await ask(widget, query)
      expect([answer.status, answer.type]).toEqual([400, 'application/problem+json'])
    }
  })

  it('never: unknown columns are empty answers', async () => {
    expect(await read('result-aggregator', { group_field: 'nothing' })).toEqual([])
    expect(await read('result-aggregator', { group_field: '__proto__' })).toEqual([])
    expect((await read('run-aggregator', { group_field: 'to_dict', weeks: '1' })).passed).toEqual({})
  })
})
