import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boundPages } from '../../src/features/task/task-service.ts'
import { countPages } from '../../src/features/task/task-sql.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { findLeak } from './helpers/leaks.ts'
import { report } from './helpers/long-form.ts'

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer()
  await Promise.all([server.addUser('uma'), server.addUser('ulf')])
  project = await server.addProject('resources', 'uma')
})
afterAll(() => server.close())

type Query = readonly (readonly [string, string])[]
const get = (path: string, query: Query, as = 'uma') => server.send('GET', path, { as, query })
const times = (count: number, text: string): string[] => Array.from({ length: count }, () => text)

describe('large pages, which are left to a task', () => {
  const ask = (as: string) => get('/api/run', [['pageSize', '100000']], as)

  it('are on their way 20 at a time for each account, and others are not kept waiting', async () => {
    for (let n = 0; n < 20; n++) expect((await ask('uma')).status).toBe(201)
    const refused = await ask('uma')
    expect([refused.status, refused.body.detail]).toEqual([429, expect.stringContaining('20 are not ready yet')])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await get('/api/result', [['pageSize', '501']])).status).toBe(429)
    expect((await get('/api/run', [['pageSize', '500']])).status).toBe(200)
    expect((await ask('ulf')).status).toBe(201)
  })

  it('are given again when those are ready, until the kept ones hold too much', async () => {
    await server.ctx.db.query({
      text: `update jobs set state = 'done', finished = localtimestamp, result = to_json(repeat('x', 3000000))
        where state = 'queued'`,
    })
    expect((await ask('uma')).status).toBe(201)
    const { id } = (await get('/api/user', [])).body
    const count = await countPages(server.ctx.db, id)
    expect([count.open, count.bytes]).toEqual([1, 20 * 3_000_002])
    expect(() => boundPages({ open: 1, bytes: 1_999_999_999 })).not.toThrow()
    expect(() => boundPages({ open: 1, bytes: 2_000_000_000 })).toThrow(/hold too much/)
  })
})

describe('what one request may ask for', () => {
  const many: Readonly<Record<string, [path: string, query: Query]>> = {
    'as many filters as fit': ['/api/result', times(1_500, 'metadata.a=1').map((text) => ['filter', text])],
    'as many filters in one': ['/api/run', [['filter', times(6_000, 'a=1').join(',')]]],
    'as many patterns': ['/api/run', times(1_200, 'source~^(a|b)*c').map((text) => ['filter', text])],
    'as many values': ['/api/result', [['filter', `test_id*${times(11_000, 'ab').join(';')}`]]],
    'as many values of metadata': ['/api/run', [['filter', `metadata.x*${times(11_000, 'ab').join(';')}`]]],
    'as many filters of a widget': [
      '/api/widget/result-summary',
      [['additional_filters', times(5_000, 'source=a').join(',')]],
    ],
    'a widget of a thousand builds': [
      '/api/widget/jenkins-heatmap',
      [
        ['builds', '999999999'],
        ['job_name', 'a'],
        ['group_field', 'component'],
        ['count_skips', 'true'],
      ],
    ],
    'a widget of a million weeks': [
      '/api/widget/run-aggregator',
      [
        ['weeks', '1000000'],
        ['group_field', 'component'],
      ],
    ],
    'a widget of all weeks': [
      '/api/widget/run-aggregator',
      [
        ['weeks', '9'.repeat(30)],
        ['group_field', 'component'],
      ],
    ],
    'a widget of minus a week': [
      '/api/widget/run-aggregator',
      [
        ['weeks', '-1'],
        ['group_field', 'component'],
      ],
    ],
    'a group of a long field': [
      '/api/widget/result-aggregator',
      [['group_field', `metadata.${times(3_000, 'a').join('.')}`]],
    ],
    'a page of no rows': ['/api/run', [['pageSize', '0']]],
    'a page before the first': ['/api/run', [['page', '-1']]],
    'a page at the end of numbers': [
      '/api/run',
      [
        ['page', '9223372036854775807'],
        ['pageSize', '500'],
      ],
    ],
    'half a page': ['/api/run', [['pageSize', '0.5']]],
    'many odd parameters': ['/api/run', times(6_000, 'x').map((text, n) => [`${text}${n}`, ''])],
  }
  it.each(Object.entries(many))('%s is answered, and soon', async (name, [path, query]) => {
    const since = performance.now()
    const { status, text } = await get(path, query)
    const ms = Math.round(performance.now() - since)
    report('resources', { name, status, ms })
    const sent = query.map(([, value]) => value)
    expect([status < 500, status >= 400 && findLeak(text, sent)]).toEqual([true, status >= 400 ? null : false])
    expect(ms).toBeLessThan(10_000)
  })

  it('a bulk update touches 25 runs, however many are asked for', async () => {
    const post = (pageSize: string) =>
      server.send('POST', '/api/runs/bulk-update', {
        as: 'uma',
        json: { metadata: { a: 1 } },
        query: [
          ['filter', `project_id=${project}`],
          ['pageSize', pageSize],
        ],
      })
    await Promise.all(
      times(30, '').map(() => server.send('POST', '/api/run', { as: 'uma', json: { metadata: { project } } })),
    )
    expect((await post('25')).body.runs).toHaveLength(25)
    for (const size of ['26', '1000000', '9'.repeat(40)]) expect([400, 405]).toContain((await post(size)).status)
  })

  it('members of a project, by the hundred thousand, keep nobody waiting', async () => {
    const users = Array.from({ length: 100_000 }, (_, n) => `u${n}@example.com`)
    const since = performance.now()
    const { status } = await server.send('PUT', `/api/project/${project}`, { as: 'uma', json: { users } })
    report('resources', { name: 'members', status, ms: Math.round(performance.now() - since) })
    expect(status).toBeLessThan(500)
    expect((await get(`/api/project/${project}`, [])).status).toBe(200)
  })
})
