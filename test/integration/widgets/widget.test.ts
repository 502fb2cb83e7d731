import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../helpers/server.ts'
import { insertRows } from '../filters/sample-rows.ts'
import { insertKnownRows, NOW, resultId, runId } from './known-rows.ts'

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

describe('result-summary', () => {
  it('sums the summaries, whatever is missing from them', async () => {
    expect(await read('result-summary')).toEqual({
      error: 3,
      skipped: 1,
      failed: 12,
      passed: 53,
      total: 69,
      xfailed: 0,
      xpassed: 0,
    })
  })

  it('takes filters, and an empty one for none', async () => {
    expect((await read('result-summary', { env: 'qa', source: '' })).total).toBe(8)
    expect((await read('result-summary', { job_name: '"nightly"' })).total).toBe(65)
    expect((await read('result-summary', { additional_filters: 'component=login,start_time<2024-03-26' })).total).toBe(
      8,
    )
    expect((await read('result-summary', { job_name: '5' })).total).toBe(0)
  })
})

describe('run-aggregator', () => {
  it('shows shares in percent, from just after the moment a week ago', async () => {
    const zeros = { cart: 0, edge: 0, login: 0 }
    expect(await read('run-aggregator', { weeks: '1', group_field: 'component' })).toEqual({
      passed: { cart: 86, edge: 50, login: 88 },
      skipped: { cart: 0, edge: 0, login: 3 },
      error: { cart: 5, edge: 0, login: 3 },
      failed: { cart: 9, edge: 50, login: 6 },
      xfailed: zeros,
      xpassed: zeros,
    })
  })

  it('groups by numbers of the summary and by moments', async () => {
    const byTests = await read('run-aggregator', { weeks: '1', group_field: 'summary.tests' })
    expect(Object.keys(byTests.passed)).toEqual(['1', '2', '4', '8', '16', '32'])
    const byTime = await read('run-aggregator', { weeks: '1', group_field: 'start_time', additional_filters: 'env=qa' })
    expect(Object.keys(byTime.passed)).toEqual(['2024-03-25T10:00:00Z'])
    const byDuration = await read('run-aggregator', { weeks: '1', group_field: 'duration' })
    expect(Object.keys(byDuration.passed)).toEqual(['30.0', '100.0', '3600.0', '7200.0'])
  })

  it.each(['0', '-1'])('takes %s weeks', async (weeks) => {
    expect((await read('run-aggregator', { weeks, group_field: 'component' })).passed).toEqual({})
  })
})

describe('jenkins-heatmap', () => {
  const query = { job_name: 'nightly', builds: '3', group_field: 'component' }

  it('has a cell for each build, oldest first, and the slope of those that ran (D21)', async () => {
    expect(await read('jenkins-heatmap', query)).toEqual({
      heatmap: {
        login: [
          [12.5, 0],
          [87.5, runId(0), [{ name: 'a' }], '9'],
          [100, runId(3), null, '10'],
          ['Build failed', 'None', null, '11'],
        ],
        cart: [
          [84.38, 0],
          [0, runId(1), null, '9'],
          ['Build failed', 'None', null, '10'],
          [84.38, runId(4), null, '11'],
        ],
      },
    })
  })

  it('counts skips when asked', async () => {
    const { heatmap } = await read('jenkins-heatmap', { ...query, count_skips: 'yes' })
    expect(heatmap.login[1][0]).toBe(75)
  })

  it('shows the newest builds only, and nothing for unknown fields and no builds', async () => {
    const { heatmap } = await read('jenkins-heatmap', { ...query, builds: '1' })
    expect(heatmap).toEqual({
      cart: [
        [0, 0],
        [84.38, runId(4), null, '11'],
      ],
    })
    expect(await read('jenkins-heatmap', { ...query, builds: '0' })).toEqual({ heatmap: {} })
    expect(await read('jenkins-heatmap', { ...query, group_field: 'artifacts' })).toEqual({ heatmap: {} })
  })
})

describe('filter-heatmap', () => {
  it('numbers the newest runs across groups', async () => {
    const query = { additional_filters: 'metadata.jenkins.job_name=nightly', builds: '2', group_field: 'component' }
    expect(await read('filter-heatmap', query)).toEqual({
      heatmap: {
        login: [
          [-25, 0],
          [100, runId(3), null, '4'],
          [75, runId(5), null, '1'],
        ],
        cart: [
          [84.38, 0],
          [0, runId(1), null, '6'],
          [84.38, runId(4), null, '3'],
        ],
        null: [
          [0, 0],
          [0, runId(6), null, '2'],
        ],
      },
    })
    expect(await read('filter-heatmap', { ...query, builds: '0' })).toEqual({ heatmap: {} })
  })
})

describe('result-aggregator', () => {
  const counts = async (query: Query) =>
    Object.fromEntries(
      (await read('result-aggregator', query)).map(({ _id, count }: { _id: unknown; count: number }) => [
        typeof _id === 'string' ? _id : JSON.stringify(_id),
        count,
      ]),
    )

  it('counts the last 90 days, from just after that moment, unless told otherwise', async () => {
    const recent = { passed: 3, failed: 3, skipped: 1, xfailed: 1, blocked: 1, xpassed: 1 }
    expect(await counts({ group_field: 'result' })).toEqual(recent)
    expect(await counts({ group_field: 'result', days: '90.5' })).toEqual({ ...recent, manual: 1 })
    expect(await counts({ group_field: 'result', days: '0' })).toEqual({
      ...recent,
      passed: 7,
      failed: 5,
      manual: 1,
      error: 1,
    })
    expect(await counts({ group_field: 'result', run_id: 'undefined' })).toMatchObject({ manual: 1, passed: 7 })
    expect(await counts({ group_field: 'result', run_id: runId(0) })).toEqual({ ...recent, manual: 1 })
  })

  it('begins with the most frequent', async () => {
    const rows = await read('result-aggregator', { group_field: 'component' })
    expect(rows[0]).toEqual({ _id: 'login', count: 6 })
  })

  it('shows JSON as text, lists as they are, numbers and moments in their own form', async () => {
    expect(await counts({ group_field: 'metadata.flag' })).toEqual({ true: 1, 1: 1, '{"x": 1}': 1 })
    expect(await counts({ group_field: 'metadata.tags' })).toEqual({ '["x"]': 2, null: 1 })
    expect(await read('result-aggregator', { group_field: 'duration' })).toEqual([{ _id: 2, count: 1 }])
    const times = await counts({ group_field: 'start_time' })
    expect(times).toMatchObject({ '2024-01-01T12:00:00.001000Z': 1 })
  })

  it('gives values alone for a filter', async () => {
    const values = await read('result-aggregator', { group_field: 'env', for_filter: 'true' })
    expect(new Set(values.map((value: object) => JSON.stringify(value)))).toEqual(
      new Set(['{"_id":"qa"}', '{"_id":"stage"}']),
    )
  })
})

describe('importance-component', () => {
  const none = { percentage: 'N/A', result_list: [] }
  const absent = { percentage: 'NA', result_list: [] }
  const four = (cell: object) => ({ critical: cell, high: cell, medium: cell, low: cell })
  const query = { job_name: 'nightly', builds: '2', components: 'login,cart' }

  it('shares out by component, build and importance', async () => {
    const { table_data } = await read('importance-component', query)
    const head = { bnums: ['10', '9'].sort(), importances: ['critical', 'high', 'medium', 'low'] }
    // The two highest build numbers as texts are 9 and 10: "1" is left out.
    expect(table_data).toEqual([
      {
        component: 'cart',
        ...head,
        data: {
          9: { ...four(none), low: { percentage: 0, result_list: [resultId(5)] } },
          10: { ...four(none), odd: { percentage: 1, result_list: [resultId(4)] } },
        },
      },
      {
        component: 'login',
        ...head,
        data: {
          9: {
            ...four(none),
            high: { percentage: 0.67, result_list: [resultId(0), resultId(1), resultId(2)] },
            null: { percentage: 1, result_list: [resultId(3)] },
          },
          10: four(absent),
        },
      },
    ])
  })

  it('counts skips when asked, and accepts env and group_field (D41)', async () => {
    const { table_data } = await read('importance-component', {
      ...query,
      count_skips: '1',
      env: 'qa',
      group_field: 'env',
    })
    expect(table_data).toMatchObject([
      {
        component: 'qa',
        bnums: ['9'],
        data: { 9: { high: { percentage: 0.5, result_list: [resultId(0), resultId(1)] } } },
      },
    ])
  })

  it('needs a project, by its id', async () => {
    expect((await ask('importance-component', query)).body).toEqual({ table_data: [] })
    for (const project of ['', 'mine']) {
      expect((await ask('importance-component', { ...query, project })).status).toBe(400)
    }
  })
})

describe('compare-runs-view', () => {
  const rowId = (n: number) => `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  const sides = ['metadata.side=left', 'metadata.side=right']

  it('pairs results of a test that differ; a missing file equals a missing one (D41)', async () => {
    const { body } = await ask('compare-runs-view', { additional_filters: sides })
    const pairs = body.results.map((pair: { id: string }[]) => pair.map(({ id }) => id))
    expect(new Set(pairs.map(String))).toEqual(
      new Set([`${resultId(20)},${resultId(24)}`, `${resultId(21)},${resultId(25)}`]),
    )
    expect(body.pagination).toEqual({ totalItems: 2 })
    expect(body.results.flat().find(({ id }: { id: string }) => id === resultId(20))).toMatchObject({
      metadata: { fspath: 'f.py', side: 'left', big: 1 },
      params: null,
      start_time: '2023-05-01T00:00:00Z',
      run_id: runId(2),
    })
  })

  it('has nothing to show without sets, and refuses a single one', async () => {
    expect((await ask('compare-runs-view')).body).toEqual({ results: [], pagination: { totalItems: 0 } })
    expect((await ask('compare-runs-view', { additional_filters: '' })).status).toBe(400)
  })

  it('finds the first that ended differently among many of one test', async () => {
    const project = await server.addProject('doubles', 'wim')
    const ends = (run: number, first: number, results: string[]) =>
      results.map((result, index) => ({
        id: rowId(first + index),
        project_id: project,
        run_id: runId(run),
        test_id: 'same',
        result,
        start_time: `2023-05-01T00:00:0${index}`,
      }))
    await insertRows(
      server.ctx.db,
      'runs',
      [60, 61].map((n) => ({
        id: runId(n),
        project_id: project,
        start_time: '2023-05-01T00:00:00',
        created: '2023-05-01T00:00:00',
      })),
    )
    await insertRows(server.ctx.db, 'results', [
      ...ends(60, 600, ['passed', 'failed', 'error']),
      ...ends(61, 610, ['passed', 'passed', 'failed', 'error']),
    ])
    const { body } = await ask('compare-runs-view', {
      additional_filters: [60, 61].map((n) => `run_id=${runId(n)}`),
    })
    expect(body.results.map((pair: { id: string }[]) => pair.map(({ id }) => id))).toEqual([
      [rowId(600), rowId(612)],
      [rowId(601), rowId(610)],
      [rowId(602), rowId(610)],
    ])
  })

  it('shows as many pairs as an answer holds, and counts all', async () => {
    const project = await server.addProject('large', 'wim')
    await insertRows(
      server.ctx.db,
      'runs',
      [70, 71].map((n) => ({
        id: runId(n),
        project_id: project,
        start_time: '2023-05-01T00:00:00',
        created: '2023-05-01T00:00:00',
      })),
    )
    const data = { text: 'x'.repeat(10_000) }
    const ends = (run: number, result: string) =>
      Array.from({ length: 400 }, (_, index) => ({
        id: rowId(run * 1000 + index),
        project_id: project,
        run_id: runId(run),
        test_id: `test ${index}`,
        result,
        start_time: '2023-05-01T00:00:00',
        data,
      }))
    await insertRows(server.ctx.db, 'results', [...ends(70, 'passed'), ...ends(71, 'failed')])
    const query = { additional_filters: [70, 71].map((n) => `run_id=${runId(n)}`) }
    const { body, text } = await ask('compare-runs-view', query)
    expect(body.pagination).toEqual({ totalItems: 400 })
    expect(body.results.length).toBeGreaterThan(0)
    expect(text.length).toBeLessThan(5_000_000)
    await server.ctx.db.query({
      text: `update results set data = jsonb_build_object('fspath', repeat('y', 30000)) where run_id = $1`,
      values: [runId(71)],
    })
    const refused = await ask('compare-runs-view', query)
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('too many results to compare')])
  })

  it('shows no foreign rows (D3)', async () => {
    const answer = await ask('compare-runs-view', { additional_filters: sides }, 'eve')
    expect([answer.status, answer.body.results]).toEqual([200, []])
  })
})

describe('jenkins-job-view', () => {
  it('adds up the runs of builds', async () => {
    const { jobs, pagination } = await read('jenkins-job-view', { page_size: '2' })
    expect(pagination).toEqual({ page: 1, pageSize: 2, totalItems: 4, totalPages: 2 })
    expect(jobs.map((job: { _id: string }) => job._id)).toEqual(['nightly-rc1', 'nightly-11'])
    expect(jobs[1]).toEqual({
      _id: 'nightly-11',
      build_number: '11',
      build_url: 'http://ci/11',
      duration: 10800,
      env: null,
      job_name: 'nightly',
      source: null,
      start_time: '2024-03-27T10:00:00Z',
      summary: { tests: 33, errors: 2, failures: 4, skips: 0, xfailures: 0, xpasses: 0, passes: 27 },
      total_execution_time: 7230,
    })
  })

  it('turns pages, also past the end', async () => {
    const second = await read('jenkins-job-view', { page: '2', page_size: '2' })
    expect(second.jobs.map((job: { _id: string }) => job._id)).toEqual(['nightly-10', 'nightly-9'])
    expect(second.jobs[0]).toMatchObject({ duration: 7200, total_execution_time: null })
    expect(second.jobs[1]).toMatchObject({ env: 'prod', duration: 3700 })
    const past = await read('jenkins-job-view', { page: '9', page_size: '2' })
    expect(past).toEqual({ jobs: [], pagination: { page: 9, pageSize: 2, totalItems: 4, totalPages: 2 } })
    const empty = await read('jenkins-job-view', { filter: 'job_name=none' })
    expect(empty.pagination).toEqual({ page: 1, pageSize: 25, totalItems: 0, totalPages: 0 })
  })

  it('counts times and durations that are no numbers as missing', async () => {
    const project = await server.addProject('odd', 'wim')
    const data = { jenkins: { job_name: 'odd', build_number: '1' } }
    await insertRows(server.ctx.db, 'runs', [
      { id: runId(80), project_id: project, start_time: 'infinity', created: '2024-01-01', duration: 'NaN', data },
      { id: runId(81), project_id: project, start_time: '2024-01-01', created: '2024-01-01', duration: 5, data },
    ])
    const { jobs } = await read('jenkins-job-view', { project })
    expect(jobs).toMatchObject([{ duration: 5, total_execution_time: 5, start_time: '2024-01-01T00:00:00Z' }])
  })

  it('puts bare names below metadata.jenkins, and looks at the newest runs only', async () => {
    const build = await read('jenkins-job-view', { filter: ['build_number=9', 'job_name=nightly'] })
    expect(build.jobs.map((job: { _id: string }) => job._id)).toEqual(['nightly-9'])
    const whole = await read('jenkins-job-view', { filter: 'metadata.jenkins.job_name=nightly' })
    expect(whole.jobs).toEqual([])
    const newest = await read('jenkins-job-view', { run_limit: '3' })
    expect(newest.jobs.map((job: { summary: { tests: number } }) => job.summary.tests)).toEqual([4, 33])
    expect((await read('jenkins-job-view', { run_limit: '0' })).jobs).toEqual([])
  })
})

describe('jenkins charts', () => {
  const query = { job_name: 'nightly', builds: '4' }

  it('draw bars', async () => {
    expect(await read('jenkins-bar-chart', query)).toMatchObject({
      passed: { rc1: 3, 11: 27, 10: 19, 9: 6 },
      error: { rc1: 1, 11: 2, 10: 0, 9: 0 },
      failed: { rc1: 0, 11: 4, 10: 1, 9: 1 },
      skipped: { rc1: 0, 11: 0, 10: 0, 9: 1 },
    })
    const none = await read('jenkins-bar-chart', { ...query, job_name: 'none' })
    expect(none).toEqual({ passed: {}, skipped: {}, error: {}, failed: {}, xpassed: {}, xfailed: {} })
  })

  it('draw lines, the second only where it differs', async () => {
    expect(await read('jenkins-line-chart', query)).toEqual({
      duration: { rc1: 1, 11: 3, 10: 2, 9: 1.03 },
      total_execution_time: { rc1: 1, 11: 2.01, 10: 0, 9: 0.04 },
    })
    expect(await read('jenkins-line-chart', { ...query, builds: '1' })).toEqual({ duration: { rc1: 1 } })
    expect(await read('jenkins-line-chart', { ...query, job_name: 'none' })).toEqual({ duration: {} })
  })

  it('come with the parameters of a view', async () => {
    const { body } = await ask('jenkins-analysis-view', { job_name: 'nightly', builds: '60', project: 'any' })
    const shared = { job_name: 'nightly', project: 'any' }
    expect(body).toEqual({
      barchart_params: { ...shared, builds: 60 },
      heatmap_params: { ...shared, builds: 40, group_field: 'component', count_skips: true },
      linechart_params: { ...shared, builds: 60 },
    })
  })
})

describe('accessibility', () => {
  const upload = async (run: number, content: string, filename = 'axe_run_data.yaml') => {
    const form = new FormData()
    form.append('runId', runId(run))
    form.append('filename', filename)
    form.append('file', new File([content], filename))
    expect((await server.send('POST', '/api/artifact', { as: 'wim', body: form })).status).toBe(201)
  }
  const chart = (...runs: number[]) => ask('accessibility-bar-chart', { run_list: runs.map(runId) })

  it('draws the report that has counts', async () => {
    await upload(0, 'passes: 30\nviolations: 10\n')
    await upload(0, 'other: 1\n')
    await upload(1, 'passes: 0\nviolations: 0\n')
    await upload(2, 'passes: 2.5\n')
    await upload(3, '- list')
    await upload(4, 'passes: many')
    await upload(5, 'passes: 1', 'axe.yaml')
    expect((await chart(0)).body).toEqual([
      { x: 'passes', y: 30, ratio: 75 },
      { x: 'violations', y: 10, ratio: 25 },
      { total: 40 },
    ])
    expect((await chart(1)).body[0]).toEqual({ x: 'passes', y: 0, ratio: 0 })
    expect((await chart(2)).body[2]).toEqual({ total: 2.5 })
    expect((await chart(3)).status).toBe(400)
    expect((await chart(4)).status).toBe(400)
    const empty = await chart(5)
    expect([empty.status, empty.type, empty.text]).toEqual([204, 'application/json', ''])
  })

  it('keeps reports from strangers (D3)', async () => {
    await upload(6, 'passes: 1\n')
    expect((await ask('accessibility-bar-chart', { run_list: runId(6) }, 'eve')).status).toBe(204)
    expect((await ask('accessibility-bar-chart', { run_list: runId(6) }, 'admin')).status).toBe(200)
  })

  it('gives lists back, and nothing for the frame', async () => {
    const list = await ask('accessibility-analysis-view', { run_list: ['x', 'a,b'], project: mine })
    expect([list.status, list.body]).toEqual([200, ['x', 'a,b']])
    expect((await ask('accessibility-dashboard-view')).status).toBe(204)
    expect((await ask('accessibility-dashboard-view', { project: mine })).status).toBe(400)
  })
})
