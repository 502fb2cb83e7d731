import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { startTestServer, type TestRequest, type TestServer } from '../helpers/server.ts'

const NOBODY = '00000000-0000-4000-8000-000000000001'
let server: TestServer
let project: string
let foreign: string

beforeAll(async () => {
  server = await startTestServer()
  await Promise.all([server.addUser('dan'), server.addUser('dee')])
  project = await server.addProject('dash-project', 'dan')
  foreign = await server.addProject('dee-project', 'dee')
})
afterAll(() => server.close())

const dan = (method: string, path: string, request: TestRequest = {}) =>
  server.send(method, path, { as: 'dan', ...request })
const dee = (method: string, path: string, request: TestRequest = {}) =>
  server.send(method, path, { as: 'dee', ...request })
const board = async (json: object) =>
  (await dan('POST', '/api/dashboard', { json: { project_id: project, ...json } })).body

describe('dashboards', () => {
  it('fill in what is not said, and keep it through changes', async () => {
    const made = await board({ title: 'A' })
    expect(made).toMatchObject({ title: 'A', description: '', filters: '', project_id: project, user_id: null })
    const changed = await dan('PUT', `/api/dashboard/${made.id}`, { json: { description: 'd' } })
    expect(changed.body).toEqual({ ...made, description: 'd' })
    expect((await dan('GET', `/api/dashboard/${made.id}`)).body).toEqual(changed.body)
  })

  it.each([
    [{ user_id: NOBODY }, 400, `User with ID ${NOBODY} doesn't exist`],
    [{ project_id: 'x' }, 400, 'project_id is not a valid UUID: x'],
    [{ metadata: { project: 'dee-project' } }, 403, 'Forbidden'],
  ])('refuse %j', async (json, status, text) => {
    const answer = await dan('POST', '/api/dashboard', { json: { title: 'x', ...json } })
    expect([answer.status, answer.body]).toEqual([status, text])
  })

  it('are taken under their own id once', async () => {
    const { id } = await board({ id: randomUUID() })
    expect((await dan('POST', '/api/dashboard', { json: { id, project_id: project } })).status).toBe(400)
  })

  it('are kept from strangers, and cannot be moved to them (D23)', async () => {
    const { id } = await board({ title: 'secret' })
    for (const method of ['GET', 'DELETE']) expect((await dee(method, `/api/dashboard/${id}`)).status).toBe(403)
    expect((await dee('PUT', `/api/dashboard/${id}`, { json: { title: 'mine' } })).status).toBe(403)
    expect((await dan('PUT', `/api/dashboard/${id}`, { json: { project_id: foreign } })).status).toBe(403)
    expect((await dee('POST', '/api/dashboard', { json: { title: 'x', project_id: project } })).status).toBe(403)
  })

  it('are listed by title, within the caller’s projects and what belongs to none', async () => {
    await board({ title: 'B board' })
    await board({ title: 'A board' })
    const shared = (await dee('POST', '/api/dashboard', { json: { title: 'shared' } })).body
    const theirs = (await dee('POST', '/api/dashboard', { json: { title: 'theirs', project_id: foreign } })).body
    const all = (await dan('GET', '/api/dashboard')).body.dashboards
    const ids = all.map(({ id }: { id: string }) => id)
    expect(ids).toContain(shared.id)
    expect(ids).not.toContain(theirs.id)
    const titles = (
      await dan('GET', '/api/dashboard', {
        query: [
          ['project_id', project],
          ['filter', 'title%board'],
        ],
      })
    ).body.dashboards
    expect(titles.map(({ title }: { title: string }) => title)).toEqual(['A board', 'B board'])
    expect((await dan('GET', '/api/dashboard', { query: [['project_id', foreign]] })).status).toBe(403)
    expect((await dan('GET', '/api/dashboard', { query: [['project_id', NOBODY]] })).body.dashboards).toEqual([])
    expect((await dan('GET', '/api/dashboard', { query: [['project_id', 'x']] })).status).toBe(400)
  })

  it('go with their widgets, and leave projects without a default', async () => {
    const { id } = await board({ title: 'default' })
    await dan('PUT', `/api/project/${project}`, { json: { default_dashboard_id: id } })
    const json = { widget: 'result-summary', title: 'w', project_id: project, dashboard_id: id }
    const widget = (await dan('POST', '/api/widget-config', { json })).body
    expect((await dan('DELETE', `/api/dashboard/${id}`)).body).toBe('OK')
    expect((await dan('GET', `/api/widget-config/${widget.id}`)).status).toBe(404)
    expect((await dan('GET', `/api/project/${project}`)).body.default_dashboard_id).toBeNull()
    expect((await dan('GET', `/api/dashboard/${id}`)).status).toBe(404)
  })
})

describe('placed widgets', () => {
  const place = (json: object, as = 'dan') =>
    server.send('POST', '/api/widget-config', { as, json: { title: 'w', ...json } })

  it.each([
    [{ widget: 'run-aggregator' }, { weight: 10, params: null, navigable: null }],
    [{ widget: 'run-aggregator', weight: 0 }, { weight: 10 }],
    [{ widget: 'jenkins-job-view', type: 'view' }, { navigable: true }],
    [{ widget: 'jenkins-job-view', type: 'view', navigable: 'no' }, { navigable: false }],
    [{ widget: 'result-summary', params: { source: 's', bogus: 1 } }, { params: { source: 's' } }],
    [{ widget: 'jenkins-heatmap', params: { jenkins_job_name: 'j' } }, { params: { job_name: 'j' } }],
    [{ widget: 'result-summary', project: 'dash-project' }, {}],
  ])('%j become %j', async (json, shown) => {
    const made = await place({ project_id: project, ...json })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ project_id: project, ...shown })
  })

  it.each([
    [{ widget: 'nope' }, 400],
    [{}, 400],
    [{ widget: 'result-summary', project: 'nowhere' }, 400],
    [{ widget: 'result-summary', dashboard_id: NOBODY }, 400],
    [{ widget: 'result-summary', project: 'dee-project' }, 403],
  ])('%j are refused with %i', async (json, status) => {
    expect((await place(json)).status).toBe(status)
  })

  it('are kept from strangers, in lists too, also on foreign dashboards (D23)', async () => {
    const theirs = (await place({ widget: 'result-summary', project_id: foreign }, 'dee')).body
    const shared = (await place({ widget: 'result-summary' }, 'dee')).body
    expect((await dan('GET', `/api/widget-config/${theirs.id}`)).status).toBe(403)
    expect((await dan('PUT', `/api/widget-config/${theirs.id}`, { json: { title: 'x' } })).status).toBe(403)
    expect((await dan('DELETE', `/api/widget-config/${theirs.id}`)).status).toBe(403)
    const own = (await place({ widget: 'result-summary', project_id: project })).body
    expect((await dan('PUT', `/api/widget-config/${own.id}`, { json: { project_id: foreign } })).status).toBe(403)
    const theirBoard = (await dee('POST', '/api/dashboard', { json: { title: 't', project_id: foreign } })).body
    expect((await dan('PUT', `/api/widget-config/${own.id}`, { json: { dashboard_id: theirBoard.id } })).status).toBe(
      403,
    )
    const listed = (filter: string) =>
      dan('GET', '/api/widget-config', {
        query: [
          ['filter', filter],
          ['pageSize', '100'],
        ],
      })
    const ids = (await listed(`project_id=${project}`)).body.widgets.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(expect.arrayContaining([own.id, shared.id]))
    expect(ids).not.toContain(theirs.id)
    expect((await listed(`project_id=${foreign}`)).body.widgets.map(({ id }: { id: string }) => id)).not.toContain(
      theirs.id,
    )
  })

  it('change only in what is said; parameters are replaced, and shown without unknown ones', async () => {
    const made = (
      await place({ widget: 'jenkins-heatmap', project_id: project, weight: 3, params: { job_name: 'j', builds: 5 } })
    ).body
    const put = (json: object) => dan('PUT', `/api/widget-config/${made.id}`, { json })
    expect((await put({ title: 'hot', params: { builds: 9, junk: true } })).body).toEqual({
      ...made,
      title: 'hot',
      params: { builds: 9 },
    })
    expect((await put({ widget: 'nope' })).status).toBe(400)
    await runSql(
      server.databaseUrl,
      `update widget_configs set params = '{"builds": 1, "old": 2}' where id = '${made.id}'`,
    )
    expect((await dan('GET', `/api/widget-config/${made.id}`)).body.params).toEqual({ builds: 1 })
  })
})

describe('widget types', () => {
  it('are all on one page, or those of one kind', async () => {
    const all = (await dan('GET', '/api/widget/types')).body
    expect(all.pagination).toEqual({ page: 1, pageSize: 14, totalItems: 14, totalPages: 1 })
    const views = (await dan('GET', '/api/widget/types', { query: [['type', 'view']] })).body
    expect(new Set(views.types.map(({ type }: { type: string }) => type))).toEqual(new Set(['view']))
    const none = (await dan('GET', '/api/widget/types', { query: [['type', 'nope']] })).body
    expect(none).toEqual({ types: [], pagination: { page: 1, pageSize: 0, totalItems: 0, totalPages: 1 } })
  })
})
