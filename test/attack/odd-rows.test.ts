import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer()
  await server.addUser('oda')
  project = await server.addProject('odd', 'oda')
})
afterAll(() => server.close())

/** As text: a number of 400 digits is none of JavaScript's. */
const post = async (path: string, body: string) => {
  const answer = await server.send('POST', path, { as: 'oda', body, headers: { 'content-type': 'application/json' } })
  expect([answer.status, answer.text]).toEqual([201, expect.anything()])
  return answer.body.id as string
}

it('counts that nobody can have counted break no widget of the project', async () => {
  const huge = '9'.repeat(400)
  for (const count of [huge, `-${huge}`, `"${'9'.repeat(18)}"`, '"x"', '[]', 'null']) {
    const summary = `{"tests":${count},"failures":${count},"errors":1,"skips":${count}}`
    const metadata = `{"project":"${project}","jenkins":{"job_name":"j","build_number":"1"}}`
    await post('/api/run', `{"metadata":${metadata},"summary":${summary},"component":"c"}`)
  }
  const queries: readonly (readonly [string, Record<string, string>])[] = [
    ['filter-heatmap', { additional_filters: 'component=c', builds: '9', group_field: 'component' }],
    ['run-aggregator', { group_field: 'component', weeks: '4' }],
    ['jenkins-heatmap', { job_name: 'j', builds: '9', group_field: 'component' }],
    ['jenkins-job-view', {}],
    ['jenkins-line-chart', { job_name: 'j', builds: '9' }],
    ['jenkins-bar-chart', { job_name: 'j', builds: '9' }],
  ]
  for (const [widget, query] of queries) {
    const answer = await server.send('GET', `/api/widget/${widget}`, { as: 'oda', query: Object.entries(query) })
    expect([widget, answer.status, answer.text]).toEqual([widget, expect.toBeOneOf([200, 204]), expect.anything()])
  }
})

it.each(['[]', 'null', '"x"', '1'])(
  'an adopted widget with %s as its parameters is shown with none',
  async (params) => {
    const body = { type: 'widget', widget: 'result-summary', project_id: project }
    const id = await post('/api/widget-config', JSON.stringify(body))
    await server.ctx.db.query({ text: 'update widget_configs set params = $2 where id = $1', values: [id, params] })
    const [list, one] = [
      await server.send('GET', '/api/widget-config', { as: 'oda' }),
      await server.send('GET', `/api/widget-config/${id}`, { as: 'oda' }),
    ]
    expect([list.status, one.status, one.body.params]).toEqual([200, 200, null])
    const changed = await server.send('PUT', `/api/widget-config/${id}`, { as: 'oda', json: { title: 't' } })
    expect([changed.status, changed.body.params]).toEqual([200, null])
  },
)
