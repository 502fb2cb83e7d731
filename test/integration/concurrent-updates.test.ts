import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

const COUNT = 50

let server: TestServer
let project: string
let other: string

beforeAll(async () => {
  server = await startTestServer()
  await Promise.all([server.addUser('uli'), server.addUser('una')])
  project = await server.addProject('shared', 'uli')
  other = await server.addProject('other', 'uli')
  for (const id of [project, other]) await put(`/api/project/${id}`, { users: ['una@example.com'] }, 'uli')
})
afterAll(() => server.close())

const put = (path: string, json: unknown, as: string) => server.send('PUT', path, { as, json })
const add = async (path: string, json: unknown) => {
  const made = await server.send('POST', path, { as: 'uli', json })
  expect([made.status, made.text]).toEqual([201, expect.anything()])
  return made.body.id as string
}
const read = async (path: string) => (await server.send('GET', path, { as: 'uli' })).body

/** Two users send one body each in turn, all at once; every one of them is accepted. */
async function changeAtOnce(path: string, bodies: readonly object[]): Promise<void> {
  const answers = await Promise.all(bodies.map((json, n) => put(path, json, n % 2 ? 'una' : 'uli')))
  expect(answers.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([])
}

const keys = Array.from({ length: COUNT }, (_, n) => `key-${n}`)
const allKeys = Object.fromEntries(keys.map((key, n) => [key, { n }]))

describe('50 concurrent updates', () => {
  it.each([
    ['run', {}],
    ['result', { result: 'passed' }],
  ])('of different metadata keys of a %s are all there', async (what, more) => {
    const id = await add(`/api/${what}`, { ...more, metadata: { project, deep: { first: true } } })
    await changeAtOnce(
      `/api/${what}/${id}`,
      keys.map((key, n) => ({ metadata: { [key]: { n }, deep: { [key]: n } } })),
    )
    const { metadata } = await read(`/api/${what}/${id}`)
    expect(metadata).toMatchObject(allKeys)
    expect(Object.keys(metadata.deep)).toHaveLength(COUNT + 1)
  })

  it('of columns and of metadata of a run do not reset each other, nor do bulk updates', async () => {
    const id = await add('/api/run', { metadata: { project, bulk: 'yes' }, source: 'first', summary: { tests: 1 } })
    const bulk = (n: number) =>
      server.send('POST', '/api/runs/bulk-update', {
        as: 'uli',
        json: { metadata: { [`bulk-${n}`]: n } },
        query: [
          ['filter', 'metadata.bulk=yes'],
          ['pageSize', '5'],
        ],
      })
    const columns = [{ source: 's' }, { component: 'c' }, { env: 'e' }, { duration: 9 }, { summary: { tests: 7 } }]
    const [, bulked] = await Promise.all([
      changeAtOnce(`/api/run/${id}`, [
        ...keys.slice(0, 20).map((key, n) => ({ metadata: { [key]: { n } } })),
        ...Array.from({ length: 25 }, (_, n) => columns[n % columns.length] ?? {}),
      ]),
      Promise.all([0, 1, 2, 3, 4].map(bulk)),
    ])
    expect(bulked.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const run = await read(`/api/run/${id}`)
    expect(run).toMatchObject({ source: 's', component: 'c', env: 'e', duration: 9 })
    expect(run.summary.tests).toBe(7)
    expect(Object.keys(run.metadata).filter((key) => key.startsWith('key-'))).toHaveLength(20)
    expect(Object.keys(run.metadata).filter((key) => key.startsWith('bulk-'))).toHaveLength(5)
  })

  it('lock runs in the order of their ids, as recounts do, so that neither waits for the other in a circle', async () => {
    const ids = ['0a', '0b'].map((start) => `${start}000000-0000-4000-8000-000000000001`)
    // The newest run has the last id.
    for (const [n, id] of ids.entries()) {
      await add('/api/run', { id, metadata: { project, circle: 'yes' }, start_time: `2024-01-0${n + 1}T00:00:00Z` })
    }
    const recount = new pg.Client({ connectionString: server.databaseUrl })
    await recount.connect()
    const lock = (id: string | undefined) =>
      recount.query('select from runs where id = $1 for no key update', [id]).then(() => 'locked', String)
    await recount.query('begin')
    // So that it is this side that notices a circle: the server would try again.
    await recount.query(`set local deadlock_timeout = '10ms'`)
    await lock(ids[0])
    const filling = server.send('POST', '/api/runs/bulk-update', {
      as: 'uli',
      json: { metadata: { filled: 1 } },
      query: [
        ['filter', 'metadata.circle=yes'],
        ['pageSize', '5'],
      ],
    })
    const waiting = () => runSql(server.databaseUrl, 'select from pg_locks where not granted')
    expect(await eventually(waiting, (rows) => rows.length > 0)).not.toEqual([])
    expect(await lock(ids[1])).toBe('locked')
    await recount.query('commit')
    await recount.end()
    const { status, body } = await filling
    expect([status, body.runs.map(({ id }: { id: string }) => id)]).toEqual([200, ids.toReversed()])
  })

  it('of columns and of metadata of a result do not reset each other', async () => {
    const id = await add('/api/result', { metadata: { project }, test_id: 't', result: 'failed' })
    const columns = [{ test_id: 'u' }, { result: 'passed' }, { duration: 3 }, { source: 's' }, { params: { a: 1 } }]
    await changeAtOnce(`/api/result/${id}`, [
      ...keys.slice(0, 25).map((key, n) => ({ metadata: { [key]: { n } } })),
      ...Array.from({ length: 25 }, (_, n) => columns[n % columns.length] ?? {}),
    ])
    const result = await read(`/api/result/${id}`)
    expect(result).toMatchObject({ test_id: 'u', result: 'passed', duration: 3, source: 's', params: { a: 1 } })
    expect(Object.keys(result.metadata).filter((key) => key.startsWith('key-'))).toHaveLength(25)
  })

  it.each(['run', 'result'])('leave a %s in the project to which one of them moved it', async (what) => {
    for (let n = 0; n < 5; n++) {
      const id = await add(`/api/${what}`, { metadata: { project } })
      const notes = keys.slice(0, 9).map((key) => ({ metadata: { [key]: 1 } }))
      await changeAtOnce(`/api/${what}/${id}`, [...notes.slice(0, 4), { project_id: other }, ...notes.slice(4)])
      const stored = await read(`/api/${what}/${id}`)
      expect([stored.project_id, Object.keys(stored.metadata).length]).toEqual([other, 10])
    }
  })

  it('leave a result in the run to which one of them moved it', async () => {
    const [from, to] = [
      await add('/api/run', { metadata: { project } }),
      await add('/api/run', { metadata: { project } }),
    ]
    for (let n = 0; n < 5; n++) {
      const id = await add('/api/result', { metadata: { project, run: from } })
      const notes = keys.slice(0, 9).map((key) => ({ metadata: { [key]: 1 } }))
      await changeAtOnce(`/api/result/${id}`, [...notes.slice(0, 4), { run_id: to }, ...notes.slice(4)])
      expect((await read(`/api/result/${id}`)).run_id).toBe(to)
    }
  })

  it('of different attributes of a project do not reset each other', async () => {
    const id = await server.addProject('contested', 'uli')
    const una = (await server.send('GET', '/api/user', { as: 'una' })).body.id
    const group = await add('/api/group', { name: 'g' })
    const board = await add('/api/dashboard', { title: 'b', project_id: id })
    const others = [{ name: 'n' }, { group_id: group }, { default_dashboard_id: board }, { users: ['una@example.com'] }]
    const bodies = Array.from({ length: COUNT }, (_, n) => (n % 2 ? (others[(n >> 1) % 4] ?? {}) : { title: `t${n}` }))
    // The owner alone may change a project, so the second user is an administrator.
    const answers = await Promise.all(
      bodies.map((json, n) =>
        put(n % 3 ? `/api/project/${id}` : `/api/admin/project/${id}`, json, n % 3 ? 'uli' : 'admin'),
      ),
    )
    expect(answers.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([])
    const stored = await read(`/api/project/${id}`)
    expect(stored).toMatchObject({ name: 'n', group_id: group, default_dashboard_id: board })
    expect(stored.title).toMatch(/^t\d+$/)
    expect(stored.users.map(({ email }: { email: string }) => email)).toContain('una@example.com')
    const given = await put(`/api/project/${id}`, { owner_id: una }, 'uli')
    expect(given.body).toMatchObject({ owner_id: una, name: 'n', title: stored.title, group_id: group })
  })

  it('of different attributes of a dashboard do not reset each other', async () => {
    const id = await add('/api/dashboard', { title: 'first', project_id: project })
    const uli = (await server.send('GET', '/api/user', { as: 'uli' })).body.id
    const others = [{ description: 'd' }, { filters: 'f' }, { user_id: uli }, { project_id: other }]
    const bodies = Array.from({ length: COUNT }, (_, n) => (n % 2 ? (others[(n >> 1) % 4] ?? {}) : { title: 't' }))
    await changeAtOnce(`/api/dashboard/${id}`, bodies)
    expect(await read(`/api/dashboard/${id}`)).toEqual({
      id,
      title: 't',
      description: 'd',
      filters: 'f',
      user_id: uli,
      project_id: other,
    })
  })

  it('of different attributes of a placed widget do not reset each other', async () => {
    const board = await add('/api/dashboard', { title: 'board', project_id: project })
    const id = await add('/api/widget-config', { widget: 'run-aggregator', project_id: project, title: 'first' })
    const others = [
      { weight: 3 },
      { dashboard_id: board },
      { params: { weeks: 4 } },
      { navigable: true },
      { type: 'widget' },
    ]
    // Each but the title once, so that nothing mends what is lost.
    const bodies = Array.from({ length: COUNT }, (_, n) =>
      n % 10 === 3 ? (others[(n - 3) / 10] ?? {}) : { title: 't' },
    )
    await changeAtOnce(`/api/widget-config/${id}`, bodies)
    expect(await read(`/api/widget-config/${id}`)).toMatchObject({
      title: 't',
      weight: 3,
      dashboard_id: board,
      params: { weeks: 4 },
      navigable: true,
      type: 'widget',
      project_id: project,
    })
  })
})

describe('an update of one attribute', () => {
  it('leaves every other column as it was', async () => {
    const made = {
      run: await add('/api/run', {
        metadata: { project, env: 'qa', component: 'c' },
        source: 's',
        duration: 2,
        start_time: '2024-01-02T03:04:05Z',
        created: '2024-01-02T03:04:06Z',
      }),
      result: await add('/api/result', {
        metadata: { project, env: 'qa', component: 'c' },
        test_id: 't',
        result: 'failed',
        source: 's',
        duration: 2,
        params: { p: 1 },
        start_time: '2024-01-02T03:04:05Z',
      }),
    }
    for (const [what, id] of Object.entries(made)) {
      const row = () => runSql(server.databaseUrl, `select * from ${what}s where id = '${id}'`)
      const [before] = await row()
      const { status } = await put(`/api/${what}/${id}`, { source: 'changed' }, 'una')
      const [after] = await row()
      expect([status, after]).toEqual([200, { ...before, source: 'changed' }])
    }
  })
})
