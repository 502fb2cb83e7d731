import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { beginMeanwhile } from '../helpers/meanwhile.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let adminId: string

beforeAll(async () => {
  server = await startTestServer()
  adminId = (await server.send('GET', '/api/user')).body.id
})
afterAll(() => server.close())

const add = (json: object) => server.send('POST', '/api/admin/user', { json })
const put = (id: string, json: object) => server.send('PUT', `/api/admin/user/${id}`, { json })
const get = (id: string) => server.send('GET', `/api/admin/user/${id}`)
const projectsOf = async (id: string): Promise<string[]> =>
  (await get(id)).body.projects.map((project: { id: string }) => project.id)
const logIn = (email: string, password: string) =>
  server.send('POST', '/api/login', { as: null, json: { email, password } })

describe('making an account', () => {
  it('leaves it inactive and without rights unless told', async () => {
    const { status, body } = await add({ email: 'ann@example.com', surplus: 1 })
    expect([status, body]).toEqual([
      201,
      { id: body.id, email: 'ann@example.com', name: null, is_superadmin: false, is_active: false, group_id: null },
    ])
  })

  it('takes an id, a group, projects and a password', async () => {
    const group = (await server.send('POST', '/api/group', { json: { name: 'g' } })).body.id
    const project = await server.addProject('bea-project')
    const id = randomUUID()
    const json = {
      id,
      email: 'bea@example.com',
      password: 'pw-bea',
      is_active: true,
      group_id: group,
      projects: [{ id: project }],
    }
    expect((await add(json)).body).toMatchObject({ id, group_id: group })
    expect(await projectsOf(id)).toEqual([project])
    expect((await logIn('bea@example.com', 'pw-bea')).status).toBe(200)
  })

  it('refuses what is taken, unknown or cannot be stored', async () => {
    const nobody = randomUUID()
    const answers = [
      await add({ id: adminId, email: 'admin@example.com' }),
      await add({ id: adminId, email: 'new@example.com' }),
      await add({ email: 'new@example.com', group_id: nobody }),
      await add({ email: 'new@example.com', projects: [{ id: nobody }] }),
      await add({ email: 'new@example.com', group_id: 'x' }),
      await add({ email: 'new@example.com', password: 'p'.repeat(73) }),
    ]
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [400, 'The user with email admin@example.com already exists'],
      [400, `User id ${adminId} already exist`],
      [400, `Group id ${nobody} doesn't exist`],
      [400, `Project id ${nobody} doesn't exist`],
      [400, 'group_id is not a valid UUID: x'],
      [400, 'Password is too long (max 72 bytes)'],
    ])
    expect((await add({ email: 'new@example.com', password: null })).status).toBe(201)
  })

  it('gives an address to one of those who ask for it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => add({ email: 'bob@example.com', password: 'x' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400, 400])
  })
})

describe('changing an account', () => {
  it('leaves what is not sent, but for the projects, which are replaced or emptied', async () => {
    const id = await server.addUser('cem')
    const [one, two] = [await server.addProject('cem-1'), await server.addProject('cem-2')]
    const email = 'cem@example.com'
    const changed = await put(id, { email, projects: [{ id: one }, { id: two }, { id: one.toUpperCase() }] })
    expect(changed.body).toEqual({ id, email, name: 'cem', is_superadmin: false, is_active: true, group_id: null })
    expect(await projectsOf(id)).toEqual([one, two])
    await put(id, { email, name: 'Cem', projects: [{ id: two }] })
    expect(await projectsOf(id)).toEqual([two])
    expect((await put(id, { email, name: null })).body.name).toBeNull()
    expect(await projectsOf(id)).toEqual([])
  })

  it('reaches the account with its next request', async () => {
    const id = await server.addUser('dan')
    const project = await server.addProject('dan-project')
    const see = () => server.send('GET', `/api/project/${project}`, { as: 'dan' })
    expect((await see()).status).toBe(401)
    await put(id, { email: 'dan@example.com', projects: [{ id: project }] })
    expect((await see()).status).toBe(200)
    await put(id, { email: 'dan@example.com', is_active: false })
    expect([(await see()).status, (await see()).type]).toEqual([401, 'application/problem+json'])
  })

  it('ends earlier logins with a new password; null is none (R3, D24)', async () => {
    const id = await server.addUser('eda')
    const me = async () => (await server.send('GET', '/api/user', { as: 'eda' })).status
    expect(await me()).toBe(200)
    await put(id, { email: 'eda@example.com', password: null })
    expect([await me(), (await logIn('eda@example.com', 'pw-eda-secret')).status]).toEqual([200, 200])
    await put(id, { email: 'eda@example.com', password: 'pw-new' })
    expect([await me(), (await logIn('eda@example.com', 'pw-new')).status]).toEqual([401, 200])
  })

  it('refuses what is taken or unknown, and then changes nothing', async () => {
    const id = await server.addUser('fay')
    const project = await server.addProject('fay-project')
    const email = 'fay@example.com'
    await put(id, { email, projects: [{ id: project }] })
    const nobody = randomUUID()
    const answers = [
      await put(id, { email: 'admin@example.com' }),
      await put(id, { email, group_id: nobody }),
      await put(id, { email, name: 'F', projects: [{ id: nobody }] }),
      await put(id, { email, projects: [{ id: 'x' }] }),
      await put(id, { email, projects: null }),
      await put(id, { email, projects: [{}] }),
      await put(nobody, { email }),
    ]
    expect(answers.map(({ status, type }) => [status, type])).toEqual([
      ...Array(4).fill([400, 'application/json']),
      ...Array(2).fill([400, 'application/problem+json']),
      [404, 'application/problem+json'],
    ])
    expect((await get(id)).body.name).toBe('fay')
    expect(await projectsOf(id)).toEqual([project])
  })
})

describe('demoting superadmins', () => {
  const superadmin = async (prefix: string) => {
    const json = {
      email: `${prefix}@example.com`,
      password: `pw-${prefix}-secret`,
      is_active: true,
      is_superadmin: true,
    }
    const { id } = (await add(json)).body
    await server.token(prefix)
    return { id, email: json.email }
  }
  const self = { email: 'admin@example.com' }
  const LAST = [400, 'application/problem+json', 'Cannot demote or deactivate the last superadmin user']

  it('is refused for the last one that can log in, and then nothing is changed', async () => {
    const { id, email } = await superadmin('una')
    expect((await put(id, { email, is_active: false })).status).toBe(200)
    for (const change of [{ is_superadmin: false }, { is_active: false }]) {
      const { status, type, body } = await put(adminId, { ...self, name: 'lost', ...change })
      expect([status, type, body.detail]).toEqual(LAST)
    }
    expect((await get(adminId)).body).toMatchObject({ is_superadmin: true, is_active: true })
    expect((await get(adminId)).body.name).not.toBe('lost')
    expect((await put(adminId, { ...self, is_superadmin: true, is_active: true })).status).toBe(200)
    expect((await put(id, { email, is_superadmin: false })).status).toBe(200)
  })

  it('leaves one of two that demote or deactivate each other at once', async () => {
    for (const [prefix, change] of [
      ['uma', { is_superadmin: false }],
      ['ute', { is_active: false }],
    ] as const) {
      const { id, email } = await superadmin(prefix)
      const other = await beginMeanwhile(server.databaseUrl, 'select from users where is_superadmin for update')
      const changing = put(adminId, { ...self, ...change })
      await other.untilOneWaits()
      await other.commit(`update users set is_active = false, name = 'gone' where id = '${id}'`)
      const { status, body } = await changing
      expect([status, body.detail]).toEqual([LAST[0], LAST[2]])
      expect((await put(id, { email, is_superadmin: false })).status).toBe(200)
    }
  })

  it('leaves one when many are sent at once', async () => {
    const { id, email } = await superadmin('uli')
    const both = await Promise.all([
      put(adminId, { ...self, is_superadmin: false }),
      server.send('PUT', `/api/admin/user/${id}`, { as: 'uli', json: { email, is_superadmin: false } }),
    ])
    const left = await runSql<{ id: string }>(
      server.databaseUrl,
      'select id from users where is_superadmin and is_active',
    )
    expect(left).toHaveLength(1)
    expect(both.map(({ status }) => status)).toContain(200)
    // For the tests below.
    await runSql(server.databaseUrl, `update users set is_superadmin = (id = '${adminId}')`)
    server.ctx.callers.clear()
  })
})

describe('listing accounts', () => {
  it('orders by address, filters, pages, and shows projects with members but no secret (D1)', async () => {
    const id = await server.addUser('gus')
    const project = await server.addProject('gus-project')
    await put(id, { email: 'gus@example.com', projects: [{ id: project }] })
    const list = (...query: [string, string][]) => server.send('GET', '/api/admin/user', { query })
    const all = await list(['pageSize', '100'])
    const emails: string[] = all.body.users.map(({ email }: { email: string }) => email)
    expect(emails).toEqual([...emails].sort())
    expect(all.text).not.toMatch(/\$2b\$|_password|activation_code/)
    const [gus] = (await list(['filter', 'email=gus@example.com'])).body.users
    expect(gus.projects[0]).toMatchObject({ id: project, owner_id: adminId })
    expect(gus.projects[0].users.map(({ email }: { email: string }) => email)).toEqual([
      'admin@example.com',
      'gus@example.com',
    ])
    const active = await list(['filter', 'is_superadmin=true'])
    expect(active.body.users.map(({ id: found }: { id: string }) => found)).toEqual([adminId])
    expect((await list(['page', '2'], ['pageSize', '1'])).body.users[0].email).toBe(emails[1])
    // A field that is no secret's: those can't be asked for.
    expect((await list(['filter', '_password*.'], ['pageSize', '100'])).body.users).toHaveLength(emails.length)
  })
})

describe('deleting an account', () => {
  it('takes its tokens and memberships along and leaves what it owned to the caller, who does not join', async () => {
    const id = await server.addUser('hal')
    await server.addUser('ida')
    const project = await server.addProject('hal-project', 'hal')
    await server.send('POST', '/api/user/token', { as: 'hal', json: { name: 'ci', expires: null } })
    await runSql(
      server.databaseUrl,
      `insert into dashboards (id, title, user_id) values ('${randomUUID()}', 'of hal', '${id}')`,
    )
    const deleted = await server.send('DELETE', `/api/admin/user/${id}`)
    expect([deleted.status, deleted.body]).toEqual([200, 'OK'])
    expect((await server.send('GET', '/api/user', { as: 'hal' })).status).toBe(401)
    const { body } = await server.send('GET', `/api/project/${project}`)
    expect([body.owner_id, body.users]).toEqual([adminId, []])
    const left = await runSql(
      server.databaseUrl,
      `select (select count(*) from tokens where user_id = '${id}') as tokens,
         (select count(*) from dashboards where title = 'of hal' and user_id = '${adminId}') as dashboards`,
    )
    expect(left).toEqual([{ tokens: '0', dashboards: '1' }])
    expect((await get(id)).status).toBe(404)
    expect((await server.send('DELETE', `/api/admin/user/${id}`)).status).toBe(404)
  })

  it('is refused for oneself', async () => {
    const refused = await server.send('DELETE', `/api/admin/user/${adminId}`)
    expect([refused.status, refused.body.detail]).toEqual([400, 'Cannot delete yourself'])
  })

  it('leaves the last superadmin, also when there was another a moment ago', async () => {
    const json = { email: 'second@example.com', password: 'pw-second-secret', is_active: true, is_superadmin: true }
    const second = (await add(json)).body.id
    await server.token('second')
    const other = await beginMeanwhile(server.databaseUrl, 'select from users where is_superadmin for update')
    const deleting = server.send('DELETE', `/api/admin/user/${adminId}`, { as: 'second' })
    await other.untilOneWaits()
    await other.commit(`update users set is_superadmin = false where id = '${second}'`)
    const refused = await deleting
    expect([refused.status, refused.body.detail]).toEqual([400, 'Cannot delete the last superadmin user'])
  })
})
