import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let project: string
let name: string

beforeAll(async () => {
  server = await startTestServer()
  await server.addUser('deb')
  await server.addUser('dov')
})
afterAll(() => server.close())
beforeEach(async () => {
  name = `default-${randomUUID()}`
  project = await server.addProject(name, 'deb')
})

const addToken = (json: object, as = 'deb') =>
  server.send('POST', '/api/user/token', { as, json: { name: 'ci', expires: null, ...json } })
const by = (token: string) => ({ as: null, headers: { authorization: `Bearer ${token}` } })
const addRun = (token: string, json: unknown) => server.send('POST', '/api/run', { ...by(token), json })
const addResult = (token: string, json: unknown) => server.send('POST', '/api/result', { ...by(token), json })
const defaultToken = async (): Promise<string> => (await addToken({ default_project: project })).body.token

describe('a token', () => {
  it('gets a default project by id or name, and says so wherever it is shown', async () => {
    for (const default_project of [project, project.toUpperCase(), name]) {
      const made = await addToken({ default_project })
      expect([made.status, made.body.default_project_id]).toEqual([201, project])
      expect((await server.send('GET', `/api/user/token/${made.body.id}`, { as: 'deb' })).body).toEqual(made.body)
      const list = await server.send('GET', '/api/user/token', { as: 'deb', query: [['pageSize', '100']] })
      expect(list.body.tokens).toContainEqual(made.body)
    }
  })

  it.each([{}, { default_project: null }, { default_project: '' }])('without one says nothing: %j', async (json) => {
    const made = await addToken(json)
    expect(made.status).toBe(201)
    expect(made.body).not.toHaveProperty('default_project_id')
  })

  it('gets none that is unknown, or whose member the caller is not', async () => {
    const unknown = await addToken({ default_project: 'nowhere' })
    expect([unknown.status, unknown.body]).toEqual([400, 'Invalid project'])
    expect((await addToken({ default_project: project }, 'dov')).status).toBe(403)
    expect((await addToken({ default_project: project }, 'admin')).status).toBe(201)
  })
})

describe('runs and results without a project', () => {
  it('go to the default project of the token', async () => {
    const token = await defaultToken()
    const run = await addRun(token, { metadata: { env: 'qa' } })
    expect([run.status, run.body.project_id]).toEqual([201, project])
    expect((await addRun(token, { source: 'bare' })).body.project_id).toBe(project)
    const result = await addResult(token, { result: 'passed', metadata: { title: 'adds' } })
    expect([result.status, result.body.project_id]).toEqual([201, project])
    expect((await addResult(token, { result: 'passed' })).body.project_id).toBe(project)
  })

  it('are refused as ever with another token', async () => {
    const { token } = (await addToken({})).body
    const login = await server.token('deb')
    for (const other of [token, login]) {
      expect((await addRun(other, {})).body).toBe('Bad request, no data supplied')
      expect((await addRun(other, { metadata: { env: 'qa' } })).body).toBe(
        'Bad request, project or project_id is required',
      )
      expect((await addResult(other, { metadata: {} })).body).toBe('Bad request, project or project_id is required')
      expect((await addResult(other, { metadata: { project: 'chromium' } })).body).toBe('Invalid project')
    }
  })

  it('need membership at the time of use', async () => {
    const token = await defaultToken()
    expect((await addRun(token, { metadata: { n: 1 } })).status).toBe(201)
    await runSql(
      server.databaseUrl,
      `delete from users_projects where project_id = '${project}'`,
      `update projects set owner_id = null where id = '${project}'`,
    )
    server.ctx.callers.clear()
    expect((await addRun(token, { metadata: { n: 2 } })).status).toBe(403)
    expect((await addResult(token, { metadata: { n: 2 } })).status).toBe(403)
  })

  it('are refused again when the project, or the token, is deleted; no row stays behind', async () => {
    const token = await defaultToken()
    expect((await addRun(token, { metadata: { n: 1 } })).status).toBe(201)
    expect((await server.send('DELETE', `/api/admin/project/${project}`)).status).toBe(200)
    expect((await addRun(token, { metadata: { n: 2 } })).body).toBe('Bad request, project or project_id is required')
    const other = await server.addProject(`other-${randomUUID()}`, 'deb')
    const made = await addToken({ default_project: other })
    expect((await server.send('DELETE', `/api/user/token/${made.body.id}`, { as: 'deb' })).status).toBe(200)
    const rows = await runSql(
      server.databaseUrl,
      `select from token_projects where project_id in ('${project}', '${other}')`,
    )
    expect(rows).toHaveLength(0)
  })
})

describe('a token with a default project', () => {
  it('still sends to the projects that are named', async () => {
    const token = await defaultToken()
    const other = await server.addProject(`named-${randomUUID()}`, 'deb')
    expect((await addRun(token, { metadata: { project: other } })).body.project_id).toBe(other)
    expect((await addRun(token, { project_id: other, metadata: { n: 1 } })).body.project_id).toBe(other)
    expect((await addResult(token, { metadata: { project: other } })).body.project_id).toBe(other)
    expect((await addRun(token, { metadata: { project: 'typo' } })).body).toBe('Invalid project')
  })

  it("puts a result whose project is unknown or somebody else's into that of its run, else into the default one", async () => {
    const token = await defaultToken()
    await server.addProject('webkit', 'dov')
    const other = await server.addProject(`run-${randomUUID()}`, 'deb')
    const run = (await addRun(token, { metadata: { project: other } })).body.id
    for (const reference of ['chromium', 'webkit', '']) {
      const metadata = { project: reference }
      expect((await addResult(token, { metadata, run_id: run })).body).toMatchObject({ project_id: other, run_id: run })
      expect((await addResult(token, { metadata })).body.project_id).toBe(project)
    }
    const foreign = await server.addProject(`foreign-${randomUUID()}`, 'dov')
    expect((await addResult(token, { metadata: { project: foreign } })).status).toBe(403)
    expect((await addResult(token, { project_id: foreign })).status).toBe(403)
  })
})

it('a result without test_id takes the title from its metadata', async () => {
  const send = async (json: object) => (await addResult(await server.token('deb'), json)).body
  const metadata = { project, title: 'adds to cart' }
  expect((await send({ metadata })).test_id).toBe('adds to cart')
  expect((await send({ metadata, test_id: 'cart.spec' })).test_id).toBe('cart.spec')
  expect((await send({ metadata: { project, title: 5 } })).test_id).toBeNull()
  expect((await send({ metadata: { project, title: '' } })).test_id).toBeNull()
  expect((await send({ metadata: { project, user_properties: { title: 'x' } } })).test_id).toBeNull()
  const id = randomUUID()
  const sent = { id, start_time: '2024-05-06T07:08:09Z', metadata }
  expect((await send(sent)).test_id).toBe('adds to cart')
  expect((await send(sent)).id).toBe(id)
  const [row] = await runSql<{ test_id: string }>(server.databaseUrl, `select test_id from results where id = '${id}'`)
  expect(row?.test_id).toBe('adds to cart')
})
