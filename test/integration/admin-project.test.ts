import { afterAll, beforeAll, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

const NOBODY = '00000000-0000-4000-8000-000000000001'

let server: TestServer
let ada: string

beforeAll(async () => {
  server = await startTestServer()
  ;[ada] = await Promise.all([server.addUser('ada'), server.addUser('abe')])
})
afterAll(() => server.close())

const send = (method: string, path: string, json?: unknown, as = 'admin') =>
  server.send(method, `/api/admin/project${path}`, { as, json })
const emails = (users: { email: string }[]) => users.map(({ email }) => email)

it('lets superadmins in and nobody else', async () => {
  const id = await server.addProject('guarded', 'ada')
  const calls = [
    ['GET', '', undefined],
    ['POST', '', { name: 'x' }],
    ['GET', `/${id}`, undefined],
    ['PUT', `/${id}`, { title: 'x' }],
    ['DELETE', `/${id}`, undefined],
  ] as const
  for (const [method, path, json] of calls) {
    const answer = await send(method, path, json, 'ada')
    expect([method, answer.status, answer.type]).toEqual([method, 403, 'application/problem+json'])
  }
})

it('shows the owner in a single project and in lists', async () => {
  const id = await server.addProject('shown', 'ada')
  const one = await send('GET', `/${id}`)
  expect(one.body).toMatchObject({ id, owner_id: ada, owner: { id: ada, email: 'ada@example.com' } })
  const query = [['filter', 'name=shown'] as const, ['ownerId', ada] as const]
  const all = await server.send('GET', '/api/admin/project', { query })
  expect(all.body.projects).toEqual([one.body])
  expect(all.body.pagination).toEqual({ page: 1, pageSize: 25, totalItems: 1, totalPages: 1 })
})

it('a page that nothing can count to is 400', async () => {
  const answer = await server.send('GET', '/api/admin/project', { query: [['page', '99999999999999999999']] })
  expect([answer.status, answer.body]).toEqual([400, 'The page number is too big.'])
})

it('adds a project for the caller, but not to an unknown group', async () => {
  const made = await send('POST', '', { name: 'added', owner_id: ada })
  expect(made.status).toBe(201)
  expect(emails(made.body.users)).toEqual(['admin@example.com'])
  expect(made.body.owner_id).toBe(made.body.users[0].id)
  expect(made.body).not.toHaveProperty('owner')
  const refused = await send('POST', '', { name: 'added', group_id: NOBODY })
  expect([refused.status, refused.body]).toEqual([400, `Group id ${NOBODY} doesn't exist`])
  const taken = await send('POST', '', { id: made.body.id })
  expect([taken.status, taken.body]).toEqual([400, `Project id ${made.body.id} already exist`])
})

it('makes a new owner a member too, and lets it in at once', async () => {
  const id = await server.addProject('moved')
  expect((await server.send('GET', `/api/project/${id}`, { as: 'abe' })).status).toBe(401)
  const abe = (await server.send('GET', '/api/user', { as: 'abe' })).body.id
  const moved = await send('PUT', `/${id}`, { owner_id: abe })
  expect(moved.body.owner_id).toBe(abe)
  expect(emails(moved.body.users)).toEqual(['abe@example.com', 'admin@example.com'])
  expect((await server.send('GET', `/api/project/${id}`, { as: 'abe' })).status).toBe(200)
})

it('takes a list of users as the whole membership, but keeps the owner and empties nothing by mistake', async () => {
  const id = await server.addProject('replaced', 'abe')
  const put = async (users: string[]) => emails((await send('PUT', `/${id}`, { users })).body.users)
  expect(await put(['ada@example.com', 'nobody@example.com'])).toEqual(['abe@example.com', 'ada@example.com'])
  expect(await put(['admin@example.com'])).toEqual(['abe@example.com', 'admin@example.com'])
  expect(await put(['nobody@example.com'])).toEqual(['abe@example.com', 'admin@example.com'])
  expect((await server.send('GET', `/api/project/${id}`, { as: 'ada' })).status).toBe(401)
})

it('a project without an owner has no owner object', async () => {
  const id = await server.addProject('ownerless')
  await send('PUT', `/${id}`, { owner_id: null })
  expect((await send('GET', `/${id}`)).body).not.toHaveProperty('owner')
})

it.each(['GET', 'PUT', 'DELETE'])('%s of an unknown project is a 404 problem', async (method) => {
  const answer = await send(method, `/${NOBODY}`, method === 'PUT' ? { title: 'x' } : undefined)
  expect([answer.status, answer.type, answer.body.detail]).toEqual([
    404,
    'application/problem+json',
    'Project not found',
  ])
})

it('deleting leaves what belonged to the project, for superadmins only', async () => {
  const id = await server.addProject('gone', 'ada')
  const run = (await server.send('POST', '/api/run', { as: 'ada', json: { metadata: { project: id } } })).body.id
  const json = { result: 'passed', metadata: { project: id, run } }
  const result = (await server.send('POST', '/api/result', { as: 'ada', json })).body.id
  const other = await server.addProject('other', 'ada')
  await runSql(
    server.databaseUrl,
    `insert into dashboards (id, project_id) values ('${NOBODY}', '${id}')`,
    `insert into widget_configs (id, project_id) values ('${NOBODY}', '${id}')`,
    `update projects set default_dashboard_id = '${NOBODY}' where id in ('${id}', '${other}')`,
  )
  const deleted = await send('DELETE', `/${id}`)
  expect([deleted.status, deleted.body]).toEqual([200, 'OK'])
  expect((await send('GET', `/${id}`)).status).toBe(404)
  for (const path of [`/api/run/${run}`, `/api/result/${result}`]) {
    expect((await server.send('GET', path, { as: 'ada' })).status).toBe(403)
    expect((await server.send('GET', path)).body.project_id).toBeNull()
  }
  const left = await runSql(
    server.databaseUrl,
    `select project_id from dashboards union all select project_id from widget_configs
       union all select project_id from users_projects where project_id = '${id}'`,
  )
  expect(left).toEqual([{ project_id: null }, { project_id: null }])
  expect((await send('GET', `/${other}`)).status).toBe(200)
})

it('deleting is not bound by the limit on the time of a statement', async () => {
  const brief = await startTestServer({ STATEMENT_TIMEOUT: '1' })
  try {
    const id = await brief.addProject('slow')
    await brief.send('POST', '/api/run', { json: { metadata: { project: id } } })
    await runSql(
      brief.databaseUrl,
      'create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1.2); return new; end $$',
      'create trigger slow before update of project_id on runs for each row execute function slow()',
    )
    expect((await brief.send('DELETE', `/api/admin/project/${id}`)).status).toBe(200)
  } finally {
    await brief.close()
  }
})
