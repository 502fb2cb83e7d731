import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

const NOBODY = '00000000-0000-4000-8000-000000000001'

let server: TestServer
let pat: string
let group: string

beforeAll(async () => {
  server = await startTestServer()
  ;[pat] = await Promise.all([server.addUser('pat'), server.addUser('pia')])
  group = randomUUID()
  await sql(`insert into groups (id, name) values ('${group}', 'Quality')`)
})
afterAll(() => server.close())

const sql = (...statements: string[]) => runSql<Record<string, string>>(server.databaseUrl, ...statements)
const add = (json: unknown, as = 'pat') => server.send('POST', '/api/project', { as, json })
const read = (id: string, as = 'pat') => server.send('GET', `/api/project/${id}`, { as })
const change = (id: string, json: unknown, as = 'pat') => server.send('PUT', `/api/project/${id}`, { as, json })
const list = (as: string, ...query: [string, string][]) => server.send('GET', '/api/project', { as, query })
const names = (answer: { body: { projects: { name: string }[] } }) => answer.body.projects.map(({ name }) => name)
const emails = (answer: { body: { users: { email: string }[] } }) => answer.body.users.map(({ email }) => email)

async function addDashboard(projectId: string | null): Promise<string> {
  const id = randomUUID()
  const project = projectId ? `'${projectId}'` : 'null'
  await sql(`insert into dashboards (id, title, project_id) values ('${id}', 'Board', ${project})`)
  return id
}

describe('POST /project', () => {
  it('makes the caller owner and only member, whatever the body says', async () => {
    const made = await add({ name: 'one', title: 'One', group_id: group, owner_id: NOBODY, users: ['pia@example.com'] })
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      id: expect.any(String),
      name: 'one',
      title: 'One',
      owner_id: pat,
      group_id: group,
      default_dashboard_id: null,
      users: [
        { id: pat, email: 'pat@example.com', name: 'pat', is_superadmin: false, is_active: true, group_id: null },
      ],
    })
    expect((await read(made.body.id)).body).toEqual(made.body)
  })

  it('opens it to its maker at once, though the token was used before', async () => {
    const { body } = await add({ name: 'at-once' })
    const run = await server.send('POST', '/api/run', { as: 'pat', json: { metadata: { project: body.id } } })
    expect(run.status).toBe(201)
  })

  it.each([
    [{ group_id: NOBODY }, `Group id ${NOBODY} doesn't exist`],
    [{ group_id: 'x' }, 'group_id is not a valid UUID: x'],
    [{ id: 'x' }, 'id is not a valid UUID: x'],
    [{ default_dashboard_id: NOBODY }, `Dashboard id ${NOBODY} doesn't exist`],
  ])('refuses %j', async (json, text) => {
    const answer = await add({ name: 'refused', ...json })
    expect([answer.status, answer.body]).toEqual([400, text])
    expect(names(await list('admin', ['filter', 'name=refused']))).toEqual([])
  })

  it('refuses an id that is taken, in whatever spelling', async () => {
    const id = randomUUID()
    expect((await add({ id: id.toUpperCase(), name: 'mine' })).body.id).toBe(id)
    const again = await add({ id: id.replaceAll('-', ''), name: 'mine' })
    expect([again.status, again.body]).toEqual([400, `Project id ${id} already exist`])
  })
})

describe('GET /project/{id}', () => {
  it('shows its default dashboard, but none that is not its own', async () => {
    const { id } = (await add({ name: 'boarded' })).body
    const board = await addDashboard(id)
    expect((await change(id, { default_dashboard_id: board })).body.defaultDashboard).toEqual({
      id: board,
      title: 'Board',
      description: null,
      filters: null,
      project_id: id,
      user_id: null,
    })
    await sql(`update dashboards set project_id = null where id = '${board}'`)
    const { body } = await read(id)
    expect(body.default_dashboard_id).toBe(board)
    expect(body).not.toHaveProperty('defaultDashboard')
  })

  it('is 404 for everybody where there is none, 401 for strangers, open to superadmins', async () => {
    const { id } = (await add({ name: 'closed' })).body
    expect((await read(NOBODY, 'pia')).body).toBe('Project not found')
    const stranger = await read(id, 'pia')
    expect([stranger.status, stranger.type, stranger.body]).toEqual([401, 'application/json', 'Unauthorized'])
    expect((await read(id, 'admin')).body).not.toHaveProperty('owner')
  })
})

describe('PUT /project/{id}', () => {
  it('adds existing accounts, changes only what was sent and lets the new member in', async () => {
    const { id } = (await add({ name: 'team', title: 'Team', group_id: group })).body
    const changed = await change(id, { title: 'New', users: ['pia@example.com', 'ghost@example.com'] })
    expect(changed.body).toMatchObject({ name: 'team', title: 'New', group_id: group, owner_id: pat })
    expect(emails(changed)).toEqual(['pat@example.com', 'pia@example.com'])
    expect((await read(id, 'pia')).status).toBe(200)
    expect((await change(id, { title: 'Mine' }, 'pia')).status).toBe(403)
    expect(emails(await change(id, { users: [] }))).toEqual(['pat@example.com', 'pia@example.com'])
  })

  it('does not lose concurrent updates of other columns', async () => {
    const { id } = (await add({ name: 'a', title: 'a' })).body
    const sent = [{ name: 'b' }, { title: 'c' }, { group_id: group }, { users: ['pia@example.com'] }]
    await Promise.all(sent.map((json) => change(id, json)))
    const { body } = await read(id)
    expect(body).toMatchObject({ name: 'b', title: 'c', group_id: group })
    expect(body.users).toHaveLength(2)
  })

  it('clears what is sent as null', async () => {
    const { id } = (await add({ name: 'cleared', group_id: group })).body
    expect((await change(id, { group_id: null })).body.group_id).toBeNull()
  })

  it('can be given away; the old owner stays a member, the new one does not become one', async () => {
    const { id } = (await add({ name: 'given' })).body
    const pia = (await server.send('GET', '/api/user', { as: 'pia' })).body.id
    const given = await change(id, { owner_id: pia })
    expect(given.body.owner_id).toBe(pia)
    expect(emails(given)).toEqual(['pat@example.com'])
    expect((await change(id, { title: 'x' })).status).toBe(403)
    expect((await change(id, { title: 'y' }, 'pia')).body.title).toBe('y')
    expect(names(await list('pia', ['filter', 'name=given']))).toEqual(['given'])
  })

  it.each([
    [{ owner_id: NOBODY }, `User id ${NOBODY} doesn't exist`],
    [{ group_id: NOBODY }, `Group id ${NOBODY} doesn't exist`],
    [{ default_dashboard_id: NOBODY }, `Dashboard id ${NOBODY} doesn't exist`],
    [{ owner_id: 'x' }, 'owner_id is not a valid UUID: x'],
  ])('refuses %j and changes nothing', async (json, text) => {
    const { id } = (await add({ name: 'kept', title: 'Kept' })).body
    const answer = await change(id, { title: 'Lost', ...json })
    expect([answer.status, answer.body]).toEqual([400, text])
    expect((await read(id)).body.title).toBe('Kept')
  })

  it('refuses the dashboard of another project', async () => {
    const { id } = (await add({ name: 'own' })).body
    const foreign = await addDashboard(await server.addProject('foreign', 'pia'))
    expect((await change(id, { default_dashboard_id: foreign })).status).toBe(400)
  })
})

describe('GET /project', () => {
  it('lists the own ones by name, and all for superadmins', async () => {
    await server.addUser('lea')
    for (const name of ['l-c', 'l-a', 'l-b']) await server.addProject(name, 'lea')
    const owned = await server.addProject('l-owned', 'lea')
    await sql(`delete from users_projects where project_id = '${owned}'`)
    const own = await list('lea')
    expect(names(own)).toEqual(['l-a', 'l-b', 'l-c', 'l-owned'])
    expect(own.body.pagination).toEqual({ page: 1, pageSize: 25, totalItems: 4, totalPages: 1 })
    expect(names(await list('lea', ['page', '2'], ['pageSize', '3']))).toEqual(['l-owned'])
    expect(names(await list('admin', ['filter', 'name~^l-']))).toHaveLength(4)
    expect(names(await list('pia', ['filter', 'name~^l-']))).toEqual([])
  })

  it('narrows down by owner, group and filters', async () => {
    await add({ name: 'grouped', group_id: group })
    expect(names(await list('pat', ['groupId', group], ['filter', 'name=grouped']))).toEqual(['grouped'])
    expect(names(await list('pat', ['groupId', NOBODY]))).toEqual([])
    expect(names(await list('pat', ['ownerId', pat.toUpperCase()], ['filter', 'name=grouped']))).toEqual(['grouped'])
    expect(names(await list('pat', ['ownerId', NOBODY]))).toEqual([])
    expect(names(await list('pat', ['ownerId', ''], ['filter', 'name=grouped']))).toEqual(['grouped'])
    const wrong = await list('pat', ['ownerId', 'x'])
    expect([wrong.status, wrong.body]).toEqual([400, 'ownerId is not a valid UUID: x'])
    expect((await list('pat', ['filter', 'metadata.x=1'])).status).toBe(400)
  })
})

describe('GET /project/filter-params/{id}', () => {
  it('names the fields of the newest result', async () => {
    const { id } = (await add({ name: 'params' })).body
    const ask = (as: string, of = id) => server.send('GET', `/api/project/filter-params/${of}`, { as })
    expect((await ask('pat')).body).toEqual([])
    const metadata = { project: id, jenkins: { job_name: 'j' }, none: null, list: [1] }
    for (const [start_time, extra] of [
      ['2024-01-02', {}],
      ['2024-01-01', { old: 1 }],
    ] as const) {
      const json = { result: 'passed', start_time, metadata: { ...metadata, ...extra } }
      expect((await server.send('POST', '/api/result', { as: 'pat', json })).status).toBe(201)
    }
    const columns = ['component', 'duration', 'env', 'id', 'params', 'project_id', 'result', 'run_id', 'source']
    const data = ['data.jenkins.job_name', 'data.list', 'data.none', 'data.project']
    expect((await ask('pat')).body.sort()).toEqual([...columns, ...data, 'start_time', 'test_id'].sort())
    expect((await ask('pia')).status).toBe(403)
    expect((await ask('admin')).status).toBe(200)
    expect((await ask('pia', NOBODY)).body).toBe('Project not found')
  })
})

it('no answer holds a secret (D1)', async () => {
  const { id } = (await add({ name: 'secretless' })).body
  const answers = [await read(id), await list('pat'), await server.send('GET', `/api/admin/project/${id}`)]
  for (const { text } of answers) expect(text).not.toMatch(/password|activation|\$2b\$/)
})
