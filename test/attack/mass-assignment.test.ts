import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let mallory: string
let victim: string
let mine: string
let foreign: string

beforeAll(async () => {
  server = await startTestServer()
  ;[mallory, victim] = await Promise.all([server.addUser('mallory'), server.addUser('victim')])
  mine = await server.addProject('mine', 'mallory')
  foreign = await server.addProject('foreign', 'victim')
})
afterAll(() => server.close())

/** Every key by which a body might reach for more than its operation gives. */
const reach = () => ({
  owner_id: victim,
  user_id: victim,
  is_superadmin: true,
  is_active: true,
  role: 'superadmin',
  permissions: ['*'],
  _password: '$2b$04$abcdefghijklmnopqrstuuu',
  password: 'taken over',
  activation_code: 'x',
  login_generation: 99,
  token: 'mine now',
  created: '1999-01-01T00:00:00',
  upload_date: '1999-01-01T00:00:00',
  constructor: { prototype: { is_superadmin: true } },
})
/** `__proto__` as a member, which an object literal can't say. */
const withProto = (body: object) =>
  JSON.stringify(body).replace(/^\{/, '{"__proto__": {"is_superadmin": true, "isSuperadmin": true, "all": true}, ')

const send = (method: string, path: string, body: object, as = 'mallory') =>
  server.send(method, path, { as, body: withProto(body), headers: { 'content-type': 'application/json' } })
const post = async (path: string, body: object, as = 'mallory') => {
  const answer = await send('POST', path, body, as)
  expect([answer.status, answer.text]).toEqual([201, expect.anything()])
  return answer.body
}
const accounts = async () =>
  (await server.ctx.db.query({ text: 'select * from users order by id' })).rows as Record<string, unknown>[]
const rowOf = async (table: string, id: string) =>
  (await server.ctx.db.query<Record<string, unknown>>({ text: `select * from ${table} where id = $1`, values: [id] }))
    .rows[0]

describe('nobody becomes more than they are', () => {
  it('by a registration, or by changing their own account', async () => {
    const before = await accounts()
    const changed = await send('PUT', '/api/user', { ...reach(), id: victim, email: 'admin@example.com', name: 'Mal' })
    expect([changed.status, changed.body]).toEqual([
      200,
      expect.objectContaining({ id: mallory, email: 'mallory@example.com', name: 'Mal', is_superadmin: false }),
    ])
    expect(await accounts()).toEqual(before.map((row) => (row.id === mallory ? { ...row, name: 'Mal' } : row)))
    const registered = await send('POST', '/api/login/register', {
      ...reach(),
      id: randomUUID(),
      email: 'new@example.com',
      password: 'new-password-1',
      name: 'Root',
    })
    expect(registered.status).toBe(201)
    const added = (await accounts()).find(({ email }) => email === 'new@example.com')
    expect(added).toMatchObject({ is_superadmin: false, is_active: false, name: null })
    expect(added?.activation_code).not.toBe('x')
  })

  it('by the operations of administrators', async () => {
    const before = await accounts()
    for (const [method, path] of [
      ['POST', '/api/admin/user'],
      ['PUT', `/api/admin/user/${mallory}`],
      ['POST', '/api/admin/project'],
      ['PUT', `/api/admin/project/${foreign}`],
    ] as const) {
      const body = {
        ...reach(),
        email: 'mallory@example.com',
        name: 'x',
        title: 'x',
        owner_id: mallory,
        users: [mallory],
      }
      expect([path, (await send(method, path, body)).status]).toEqual([path, 403])
    }
    expect(await accounts()).toEqual(before)
  })

  it('not even in this process: no prototype has changed', () => {
    expect(({} as Record<string, unknown>).is_superadmin).toBeUndefined()
    expect(({} as Record<string, unknown>).isSuperadmin).toBeUndefined()
  })
})

describe('what the server sets stays the server’s', () => {
  it('a token is the caller’s own, and its text is ours', async () => {
    const token = await post('/api/user/token', { ...reach(), name: 'ci', expires: '2099-01-01T00:00:00' })
    expect(await rowOf('tokens', token.id)).toMatchObject({ user_id: mallory })
    expect(token.token).toMatch(/^eyJ/)
    const claims = JSON.parse(Buffer.from(token.token.split('.')[1], 'base64url').toString())
    expect([claims.sub, claims.use]).toEqual([mallory, 'api'])
  })

  it('a project is its maker’s; other members are not added by it, nor others’ projects taken', async () => {
    const project = await post('/api/project', { ...reach(), name: 'grab', title: 'grab', users: [victim] })
    expect(await rowOf('projects', project.id)).toMatchObject({ owner_id: mallory })
    const put = await send('PUT', `/api/project/${foreign}`, { owner_id: mallory, title: 'mine now' })
    expect(put.status).toBe(403)
    const replaced = await send('POST', '/api/project', { ...reach(), id: foreign, name: 'grab2', title: 'grab2' })
    expect(replaced.status).toBe(400)
    expect(await rowOf('projects', foreign)).toMatchObject({ owner_id: victim, title: 'foreign' })
  })

  it('a run, a result and what belongs to them cannot be put into a foreign project', async () => {
    const run = await post('/api/run', { ...reach(), metadata: { project: mine } })
    const result = await post('/api/result', { ...reach(), metadata: { project: mine, run: run.id }, result: 'passed' })
    for (const body of [
      { project_id: foreign },
      { metadata: { project: foreign } },
      { project_id: mine, metadata: { project: foreign } },
      { project_id: foreign, metadata: { project: mine } },
    ]) {
      for (const [method, path] of [
        ['POST', '/api/run'],
        ['POST', '/api/result'],
        ['PUT', `/api/run/${run.id}`],
        ['PUT', `/api/result/${result.id}`],
      ] as const) {
        const answer = await send(method, path, { ...reach(), ...body })
        // Where two places are named one of them counts, and it must be one of the caller's.
        const table = path.includes('run') ? 'runs' : 'results'
        const stored = answer.status < 300 ? (await rowOf(table, answer.body.id))?.project_id : null
        expect([method, path, body, stored ?? (answer.status < 500 && 'refused')]).toEqual([
          method,
          path,
          body,
          stored ? mine : 'refused',
        ])
      }
    }
    const foreignRun = (await post('/api/run', { metadata: { project: foreign } }, 'victim')).id
    const smuggled = await send('POST', '/api/result', { metadata: { project: mine, run: foreignRun } })
    expect(smuggled.status).toBe(403)
    const moved = await send('PUT', `/api/result/${result.id}`, { metadata: { run: foreignRun }, run_id: foreignRun })
    expect(moved.status).toBe(403)
  })

  it('a replayed id never overwrites or shows a foreign row', async () => {
    const theirs = await post('/api/run', { metadata: { project: foreign, secret: 's3cret' } }, 'victim')
    const result = await post('/api/result', { metadata: { project: foreign, secret: 's3cret' } }, 'victim')
    for (const [path, id] of [
      ['/api/run', theirs.id],
      ['/api/result', result.id],
    ] as const) {
      const answer = await send('POST', path, { id, metadata: { project: mine } })
      expect([answer.status, answer.text.includes('s3cret')]).toEqual([400, false])
    }
    expect(await rowOf('runs', theirs.id)).toMatchObject({ project_id: foreign })
  })

  it('dashboards and widgets stay in their project and with their user', async () => {
    const dashboard = await post('/api/dashboard', { ...reach(), title: 'd', project_id: mine, user_id: mallory })
    const widget = await post('/api/widget-config', {
      ...reach(),
      type: 'widget',
      widget: 'result-summary',
      project_id: mine,
      dashboard_id: dashboard.id,
    })
    for (const body of [{ project_id: foreign }, { project: foreign }, { id: randomUUID(), project_id: foreign }]) {
      const put = await send('PUT', `/api/widget-config/${widget.id}`, body)
      expect([body, put.status]).toEqual([body, 403])
    }
    expect((await send('PUT', `/api/dashboard/${dashboard.id}`, { project_id: foreign })).status).toBe(403)
    expect(await rowOf('widget_configs', widget.id)).toMatchObject({ project_id: mine })
    expect(await rowOf('dashboards', dashboard.id)).toMatchObject({ project_id: mine })
  })

  it('the summary of a run is what was counted', async () => {
    const run = await post('/api/run', {
      metadata: { project: mine },
      summary: { tests: 1000, failures: -5, passes: '1e9', pass_percent: 100, constructor: 1 },
    })
    await post('/api/result', { metadata: { project: mine, run: run.id }, result: 'failed' })
    await server.ctx.recounts.recountNow()
    const counted = await server.send('GET', `/api/run/${run.id}`, { as: 'mallory' })
    expect(counted.body.summary).toMatchObject({ tests: 1, failures: 1 })
  })

  it('an id in the body does not redirect a change to another row', async () => {
    const [one, other] = [
      await post('/api/run', { metadata: { project: mine } }),
      await post('/api/run', { metadata: { project: mine } }),
    ]
    const answer = await send('PUT', `/api/run/${one.id}`, { id: other.id, source: 'changed' })
    expect([answer.status, answer.body.id]).toEqual([200, one.id])
    expect(await rowOf('runs', other.id)).toMatchObject({ source: null })
  })
})
