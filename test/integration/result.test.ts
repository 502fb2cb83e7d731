import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let project: string
let run: string

beforeAll(async () => {
  server = await startTestServer()
  await Promise.all([server.addUser('sam'), server.addUser('sue')])
  project = await server.addProject('result-project', 'sam')
  run = (await server.send('POST', '/api/run', { as: 'sam', json: { metadata: { project } } })).body.id
})
afterAll(() => server.close())

const add = (json: unknown, as = 'sam') => server.send('POST', '/api/result', { as, json })
const addText = (body: string) =>
  server.send('POST', '/api/result', { as: 'sam', body, headers: { 'content-type': 'application/json' } })
const read = (id: string) => server.send('GET', `/api/result/${id}`, { as: 'sam' })
const list = (...filters: string[]) =>
  server.send('GET', '/api/result', { as: 'sam', query: filters.map((text) => ['filter', text] as const) })

describe('POST /result', () => {
  it('lifts user properties, and reads back what it answered', async () => {
    const made = await add({
      test_id: 'test_one',
      result: 'failed',
      duration: 6.027456183070403,
      params: { browser: 'firefox', n: 1 },
      metadata: { project, run, user_properties: { sprint: '12', env: 'from-props' } },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      env: 'from-props',
      run_id: run,
      project_id: project,
      duration: 6.027456183070403,
    })
    expect(made.body.metadata).toEqual({ project, run, sprint: '12', env: 'from-props' })
    expect((await read(made.body.id)).body).toEqual(made.body)
  })

  it('belongs to the project of its run when its own is unknown or missing (D20)', async () => {
    for (const metadata of [{ project: 'chromium' }, {}]) {
      const made = await add({ test_id: 't', result: 'passed', run_id: run, metadata })
      expect([made.status, made.body.project_id, made.body.run_id]).toEqual([201, project, run])
    }
  })

  it('ignores a top-level run_id that is no UUID, but not a malformed metadata.run (D34)', async () => {
    const loose = await add({ test_id: 't', result: 'passed', run_id: 'x', metadata: { project } })
    expect([loose.status, loose.body.run_id]).toEqual([201, null])
    expect((await add({ test_id: 't', metadata: { project, run: 'x' } })).status).toBe(400)
  })

  it('refuses an unknown run, and a run of another project that is not the caller’s', async () => {
    expect((await add({ metadata: { project, run: randomUUID() } })).status).toBe(400)
    const foreign = await server.addProject('sue-project', 'sue')
    const theirs = (await server.send('POST', '/api/run', { as: 'sue', json: { metadata: { project: foreign } } })).body
      .id
    expect((await add({ metadata: { project, run: theirs } })).status).toBe(403)
    expect((await add({ run_id: theirs, metadata: { project: 'nonsense' } })).status).toBe(403)
  })

  it('answers the same result again with the stored one, and another one under its id with 400 (D11)', async () => {
    const sent = {
      id: randomUUID(),
      test_id: 'test_again',
      result: 'passed',
      start_time: '2024-09-01T00:00:02+02:00',
      source: 's',
      params: { a: [1, 2] },
      metadata: { project, run, user_properties: { x: 1 } },
    }
    expect((await add(sent)).status).toBe(201)
    expect((await add(sent)).body.id).toBe(sent.id)
    for (const change of [{ result: 'failed' }, { params: {} }, { start_time: undefined }, { source: undefined }]) {
      const answer = await add({ ...sent, ...change })
      expect([answer.status, answer.body]).toEqual([400, `Result id ${sent.id} already exist`])
    }
    expect((await list(`run_id=${run}`, 'test_id=test_again')).body.pagination.totalItems).toBe(1)
  })

  it('stores each of many results sent at once, and refuses only those that are bad', async () => {
    const good = Array.from({ length: 60 }, (_, n) => ({
      test_id: `bulk_${n}`,
      result: 'passed',
      metadata: { project, run },
    }))
    const bad = [{ test_id: 'bulk_bad', metadata: { project, run: randomUUID() } }]
    const answers = await Promise.all([...good, ...bad, ...good.slice(0, 5)].map((json) => add(json)))
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(65)
    const found = await list(`run_id=${run}`, 'test_id~^bulk_')
    expect(found.body.pagination.totalItems).toBe(65)
  })

  it('stores one of two different results sent at once under one id', async () => {
    const id = randomUUID()
    const answers = await Promise.all(
      ['passed', 'failed', 'error'].map((result) =>
        add({ id, test_id: 'race', result, start_time: '2024-01-01', metadata: { project } }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400])
    const winner = answers.find(({ status }) => status === 201)
    expect((await read(id)).body.result).toBe(winner?.body.result)
  })
})

describe('what a test may hold', () => {
  it('keeps integers beyond 2^53 exact', async () => {
    const made = await addText(
      `{"test_id":"big","metadata":{"project":"${project}","big":9007199254740993,"deep":{"n":123456789012345678901234567890}}}`,
    )
    expect(made.status).toBe(201)
    const { text } = await read(made.body.id)
    expect(text).toContain('9007199254740993')
    expect(text).toContain('123456789012345678901234567890')
    const changed = await server.send('PUT', `/api/result/${made.body.id}`, {
      as: 'sam',
      json: { metadata: { note: 1 } },
    })
    expect(changed.text).toContain('9007199254740993')
  })

  it('stores NUL and lone surrogates as U+FFFD (D35)', async () => {
    const made = await addText(
      `{"test_id":"a\\u0000b","metadata":{"project":"${project}","x":"a\\ud800b","k\\u0000":"ü"}}`,
    )
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ test_id: 'a\ufffdb', metadata: { x: 'a\ufffdb', 'k\ufffd': 'ü' } })
  })

  it('takes long texts that do not compress (D32) and 1 MB of output', async () => {
    const long = Array.from({ length: 900 }, () => randomUUID())
      .join('')
      .slice(0, 10_000)
    const made = await add({
      test_id: long,
      source: long,
      metadata: { project, component: long, exception_name: long, assignee: long, output: 'x'.repeat(1_000_000) },
    })
    expect([made.status, made.body.test_id]).toEqual([201, long])
    expect((await list(`test_id=${long}`)).body.pagination.totalItems).toBe(1)
  })

  it.each([
    ['{"test_id": ', 400],
    ['', 400],
    ['[]', 400],
    ['null', 400],
    ['{"metadata": null}', 400],
    ['{"result": "great", "metadata": {"project": "result-project"}}', 400],
    ['{"duration": "x", "metadata": {"project": "result-project"}}', 400],
    ['{"duration": 1e400, "metadata": {"project": "result-project"}}', 400],
    ['{"duration": NaN, "metadata": {"project": "result-project"}}', 400],
    [`{"metadata": {"project": "result-project", "deep": ${'['.repeat(5000)}${']'.repeat(5000)}}}`, 400],
  ])('refuses %.60s', async (body, status) => {
    const answer = await addText(body)
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json'])
  })

  it('refuses bodies over 5 MB with 413, bytes that are not UTF-8 with 400, and goes on', async () => {
    expect((await addText(`{"metadata": {"project": "result-project", "x": "${'x'.repeat(5_000_000)}"}}`)).status).toBe(
      413,
    )
    const latin = await server.send('POST', '/api/result', {
      as: 'sam',
      body: Buffer.from([0x7b, 0x22, 0xe4, 0x22, 0x3a, 0x31, 0x7d]),
      headers: { 'content-type': 'application/json' },
    })
    expect(latin.status).toBe(400)
    expect((await add({ test_id: 'after', metadata: { project } })).status).toBe(201)
  })

  it.each([
    ['2024-03-01', '2024-03-01T00:00:00Z'],
    ['20240301T0930', '2024-03-01T09:30:00Z'],
    ['2024-W10-5', '2024-03-08T00:00:00Z'],
    ['2024-03-01 09:30:00,5', '2024-03-01T09:30:00.500000Z'],
    ['2024-03-01T09:30:00.1234567-0530', '2024-03-01T15:00:00.123456Z'],
  ])('reads the moment %s', async (start_time, shown) => {
    const made = await add({ test_id: 'time', start_time, metadata: { project } })
    expect([made.status, made.body.start_time]).toEqual([201, shown])
    expect((await read(made.body.id)).body.start_time).toBe(shown)
  })
})

describe('PUT /result/{id}', () => {
  it('keeps env and component unless metadata or the body name others (D34)', async () => {
    const { body: made } = await add({
      test_id: 'put',
      env: 'stage',
      component: 'cart',
      run_id: run,
      metadata: { project },
    })
    const put = (json: unknown) => server.send('PUT', `/api/result/${made.id}`, { as: 'sam', json })
    expect((await put({ metadata: { note: 'x' } })).body).toMatchObject({
      env: 'stage',
      component: 'cart',
      run_id: run,
    })
    expect((await put({ env: 'prod', metadata: { component: 'pay' } })).body).toMatchObject({
      env: 'prod',
      component: 'pay',
    })
    expect((await put({ metadata: { project: 'unknown project' } })).body).toMatchObject({ project_id: project })
    expect((await put({ result: 'skipped', component: null, run_id: null })).body).toMatchObject({
      result: 'skipped',
      component: 'pay',
      run_id: run,
    })
  })

  it('does not touch results of others, nor moves one to them (D23)', async () => {
    const { body: made } = await add({ test_id: 'mine', metadata: { project } })
    const foreign = (await server.send('GET', '/api/project', { as: 'sue' })).body.projects[0].id
    expect((await server.send('PUT', `/api/result/${made.id}`, { as: 'sue', json: { result: 'passed' } })).status).toBe(
      403,
    )
    expect(
      (await server.send('PUT', `/api/result/${made.id}`, { as: 'sam', json: { project_id: foreign } })).status,
    ).toBe(403)
  })
})
