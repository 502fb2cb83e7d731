import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSql } from '../../helpers/database.ts'
import { eventually, startTestServer, type TestServer } from '../../helpers/server.ts'

let server: TestServer
let shop: string
let other: string

beforeAll(async () => {
  server = await startTestServer({}, undefined, { jobs: true })
  await server.addUser('sam')
  await server.addUser('eve')
  shop = await server.addProject('shop', 'sam')
  other = await server.addProject('other', 'eve')
  const run = await server.send('POST', '/api/run', {
    as: 'sam',
    json: { project_id: shop, component: 'cart', metadata: { a: 1 } },
  })
  await server.send('POST', '/api/run', {
    as: 'sam',
    json: { project_id: shop, component: 'till', metadata: { a: 1 } },
  })
  await server.send('POST', '/api/run', {
    as: 'eve',
    json: { project_id: other, component: 'cart', metadata: { a: 1 } },
  })
  expect(run.status, run.text).toBe(201)
  for (const test_id of ['a', 'b', 'ü"\\']) {
    const json = {
      project_id: shop,
      run_id: run.body.id,
      test_id,
      result: 'passed',
      metadata: { big: 12345678901234567890n.toString() },
    }
    await server.send('POST', '/api/result', { as: 'sam', json })
  }
})
afterAll(() => server.close())

const ask = (as: string, path: string, ...query: [string, string][]) =>
  server.send('GET', path, {
    as,
    query: [...query, ...(query.some(([name]) => name === 'pageSize') ? [] : [['pageSize', '501'] as const])],
  })
const ended = (as: string, id: string) =>
  eventually(
    () => server.send('GET', `/api/task/${id}`, { as }),
    ({ status }) => status !== 206,
  )

test('a page of over 500 is answered by a task, as the direct list would', async () => {
  const asked = await ask('sam', '/api/result')
  expect(asked).toMatchObject({
    status: 201,
    body: { query_endpoint: `/task/${asked.body.task_id}`, message: expect.stringContaining('page_size: 501,') },
  })
  const task = await ended('sam', asked.body.task_id)
  const direct = await server.send('GET', '/api/result', { as: 'sam' })
  expect(task.status).toBe(200)
  expect(task.body).toEqual({
    state: 'SUCCESS',
    message: 'Task has succeeded',
    results: direct.body.results,
    pagination: { page: 1, pageSize: 501, totalItems: 3, totalPages: 1 },
  })
})

test('500 rows are answered at once', async () => {
  expect(await ask('sam', '/api/run', ['pageSize', '500'])).toMatchObject({ status: 200 })
})

test('runs are filtered as runs, within the projects of who asked', async () => {
  const { body } = await ask('sam', '/api/run', ['filter', 'component=cart'])
  const task = await ended('sam', body.task_id)
  expect(task.body.runs.map((run: { project_id: string }) => run.project_id)).toEqual([shop])
  const foreign = await ask('sam', '/api/run', ['filter', `project_id=${other}`])
  expect((await ended('sam', foreign.body.task_id)).body).toMatchObject({ runs: [], pagination: { totalItems: 0 } })
  const all = await ask('admin', '/api/run')
  expect((await ended('admin', all.body.task_id)).body.pagination.totalItems).toBe(3)
})

test('the scope is the one of the moment of asking', async () => {
  const { body } = await ask('sam', '/api/run')
  await ended('sam', body.task_id)
  const rows = await runSql<{ payload: unknown }>(
    server.databaseUrl,
    `select payload from jobs where id = '${body.task_id}'`,
  )
  expect(rows[0]?.payload).toMatchObject({ scope: { all: false, ids: [shop] } })
})

test("somebody else's task is forbidden, also to superadmins; an unknown one is pending", async () => {
  const { body } = await ask('sam', '/api/run')
  await ended('sam', body.task_id)
  for (const as of ['eve', 'admin']) {
    expect(await server.send('GET', `/api/task/${body.task_id}`, { as })).toMatchObject({
      status: 403,
      body: 'Forbidden',
    })
  }
  const unknown = await server.send('GET', '/api/task/00000000-0000-4000-8000-000000000001', { as: 'sam' })
  expect(unknown).toMatchObject({
    status: 206,
    body: { state: 'PENDING', message: 'Task not yet started or invalid, check back later' },
  })
})

test.each([
  ['a bad filter', ['filter', 'duration=x']],
  ['page 0', ['page', '0']],
  ['a page past all', ['page', '99999999999999999']],
] as [string, [string, string]][])('%s fails the task at its first try', async (_, parameter) => {
  const { body } = await ask('sam', '/api/run', parameter)
  const task = await ended('sam', body.task_id)
  expect(task).toMatchObject({
    status: 203,
    body: { state: 'FAILURE', message: 'Task has failed!', error: [expect.any(String)] },
  })
})

test('an answer is kept for a day', async () => {
  const { body } = await ask('sam', '/api/run')
  await ended('sam', body.task_id)
  const age = (hours: number) =>
    runSql(
      server.databaseUrl,
      `update jobs set finished = (now() at time zone 'utc') - interval '${hours} hours' where id = '${body.task_id}'`,
    )
  await age(23)
  expect(await server.send('GET', `/api/task/${body.task_id}`, { as: 'sam' })).toMatchObject({ status: 200 })
  await age(25)
  expect(await server.send('GET', `/api/task/${body.task_id}`, { as: 'sam' })).toMatchObject({ status: 206 })
})

test.each([
  ['queued', 0, 'PENDING'],
  ['queued', 1, 'RETRY'],
  ['running', 1, 'STARTED'],
])('%s after %i tries is %s', async (state, attempts, told) => {
  const owner = (await server.send('GET', '/api/user', { as: 'sam' })).body.id
  const id = crypto.randomUUID()
  await runSql(
    server.databaseUrl,
    `insert into jobs (id, name, state, attempts, owner_id, run_at, lease_until)
     values ('${id}', 'query-page', '${state}', ${attempts}, '${owner}', now() + interval '1 day', now() + interval '1 day')`,
  )
  expect(await server.send('GET', `/api/task/${id}`, { as: 'sam' })).toMatchObject({
    status: 206,
    body: { state: told },
  })
})

test('a large page: 50,000 rows at most, and the pagination says so', async () => {
  await runSql(
    server.databaseUrl,
    `insert into results (id, project_id, test_id, result, data, start_time)
     select gen_random_uuid(), '${other}', 'bulk', 'passed', '{"n": 1}', now() - n * interval '1 second' from generate_series(1, 50010) n`,
  )
  const { body } = await ask('eve', '/api/result', ['pageSize', '1000000'])
  const task = await ended('eve', body.task_id)
  expect(task.body.results).toHaveLength(50_000)
  expect(task.body.pagination).toEqual({ page: 1, pageSize: 50_000, totalItems: 50_010, totalPages: 2 })
  const last = await ask('eve', '/api/result', ['pageSize', '50000'], ['page', '2'])
  expect((await ended('eve', last.body.task_id)).body.results).toHaveLength(10)
})

const order = async (body: unknown, type = 'text/plain') =>
  server.send('POST', '/admin/run-task', {
    as: null,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': type },
  })

test('run-task: checks in the order of the contract, answers are bare phrases', async () => {
  const token = await server.token('admin')
  const sam = await server.token('sam')
  for (const body of ['', 'no json', '{}', '[]', 'null', '["a"]', '"text"']) {
    expect(await order(body)).toMatchObject({ status: 400, type: 'text/html', text: 'Bad Request' })
  }
  expect(await order({ task: 'x' })).toMatchObject({ status: 401, type: 'text/html', text: 'Unauthorized' })
  expect(await order({ token: '', task: 'x' })).toMatchObject({ status: 401, text: 'Unauthorized' })
  expect(await order({ token: 'broken' })).toMatchObject({ status: 401, type: 'application/problem+json' })
  expect(await order({ token: sam })).toMatchObject({ status: 403, type: 'text/html', text: 'Forbidden' })
  for (const task of [undefined, '', 'nodot', 'a.b.c']) {
    expect(await order({ token, task })).toMatchObject({ status: 400, text: 'Bad Request' })
  }
  for (const task of ['db.drop', 'no.thing', '__proto__.x', 'constructor.name']) {
    expect(await order({ token, task })).toMatchObject({ status: 404, type: 'text/html', text: 'Not Found' })
  }
  for (const params of [[], { months: 'x' }, { years: 1 }, 'x']) {
    expect(await order({ token, task: 'db.prune_old_runs', params })).toMatchObject({
      status: 400,
      text: 'Bad Request',
    })
  }
  expect(await order({ token, task: 'runs.update_run' })).toMatchObject({ status: 400 })
  for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded']) {
    expect(await order({ token, task: 'runs.sync_aborted_runs' }, type)).toMatchObject({
      status: 202,
      type: 'text/html',
      text: 'Accepted',
    })
  }
})

test('run-task looks its token up like every other (D22)', async () => {
  const made = await server.send('POST', '/api/user/token', {
    json: { name: 'script', expires: '2100-01-01T00:00:00Z' },
  })
  const body = { token: made.body.token, task: 'runs.sync_aborted_runs' }
  expect(await order(body)).toMatchObject({ status: 202 })
  await server.send('DELETE', `/api/user/token/${made.body.id}`)
  expect(await order(body)).toMatchObject({ status: 401, type: 'application/problem+json' })
})

test('run-task seeds users', async () => {
  const token = await server.token('admin')
  const projects = {
    shop: { owner: 'boss@example.com', users: ['eve@example.com', 'new@example.com'] },
    nowhere: { owner: 'x@example.com' },
  }
  expect(await order({ token, task: 'db.seed_users', params: { projects } })).toMatchObject({ status: 202 })
  const users = await eventually(
    () =>
      server.send('GET', '/api/admin/user', {
        query: [['pageSize', '50']],
      }),
    ({ body }) => body.users?.some((user: { email: string }) => user.email === 'new@example.com'),
  )
  const emails = users.body.users.map((user: { email: string }) => user.email)
  expect(emails).toEqual(expect.arrayContaining(['boss@example.com', 'new@example.com']))
  expect(emails).not.toContain('x@example.com')
  const members = await runSql<{ email: string }>(
    server.databaseUrl,
    `select u.email from users_projects m join users u on u.id = m.user_id where m.project_id = '${shop}' order by 1`,
  )
  expect(members.map(({ email }) => email)).toEqual(expect.arrayContaining(['eve@example.com', 'new@example.com']))
  expect(members.map(({ email }) => email)).not.toContain('boss@example.com')
})

test('run-task syncs aborted runs and recounts one', async () => {
  const token = await server.token('admin')
  const { body: run } = await server.send('POST', '/api/run', {
    as: 'sam',
    json: { project_id: shop, metadata: { a: 1 } },
  })
  const summary = async () => (await server.send('GET', `/api/run/${run.id}`, { as: 'sam' })).body.summary
  await eventually(summary, (value) => value !== null)
  const add = () =>
    runSql(
      server.databaseUrl,
      `insert into results (id, project_id, run_id, result, start_time) values (gen_random_uuid(), '${shop}', '${run.id}', 'failed', now())`,
    )
  await add()
  await order({ token, task: 'runs.sync_aborted_runs' })
  expect(await eventually(summary, ({ tests }) => tests === 1)).toMatchObject({ tests: 1, failures: 1 })
  await add()
  await order({ token, task: 'runs.update_run', params: { run_id: run.id } })
  expect(await eventually(summary, ({ tests }) => tests === 2)).toMatchObject({ tests: 2, failures: 2 })
})
