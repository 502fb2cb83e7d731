import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer()
  await Promise.all([server.addUser('ron'), server.addUser('rae')])
  project = await server.addProject('run-project', 'ron')
})
afterAll(() => server.close())

const add = (json: unknown, as = 'ron') => server.send('POST', '/api/run', { as, json })
const read = (id: string, as = 'ron') => server.send('GET', `/api/run/${id}`, { as })
const change = (id: string, json: unknown, as = 'ron') => server.send('PUT', `/api/run/${id}`, { as, json })

describe('POST /run', () => {
  it('stores what was sent and shows it in the reading form', async () => {
    const made = await add({
      metadata: { project: 'run-project', env: 'qa', component: 5, tags: ['a'] },
      source: 'suite',
      start_time: '2024-03-01T10:00:00.25+02:00',
      duration: 12.5,
      summary: { tests: 3 },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      env: 'qa',
      component: '5',
      source: 'suite',
      start_time: '2024-03-01T08:00:00.250000Z',
      duration: 12.5,
      summary: { tests: 3 },
      project_id: project,
    })
    expect((await read(made.body.id)).body.metadata).toEqual(made.body.metadata)
  })

  it.each(['\u20035', '\u0665', '7'])(
    'stores numbers that are texts, as %j, and such with a blank or digit of Unicode',
    async (text) => {
      const jenkins = { job_name: 'job', build_number: text }
      const made = await add({ metadata: { project, jenkins }, summary: { failures: text, errors: text } })
      expect(made.status).toBe(201)
      expect(made.body).toMatchObject({ metadata: { jenkins }, summary: { failures: text } })
    },
  )

  it('takes env and component from the top level where metadata is silent (D34)', async () => {
    const made = await add({ metadata: { project, env: 'qa' }, env: 'stage', component: 'cart' })
    expect(made.body).toMatchObject({ env: 'qa', component: 'cart' })
  })

  it.each([
    [{ project_id: 'x' }, 400, 'Bad request, no data supplied'],
    [{ metadata: { env: 'qa' } }, 400, 'Bad request, project or project_id is required'],
    [{ metadata: { project: 'nope' } }, 400, 'Invalid project'],
    [{ metadata: { project: { a: 1 } } }, 400, 'Invalid project'],
    [{ id: 'x', metadata: { project: 'run-project' } }, 400, 'id is not a valid UUID: x'],
    [
      { start_time: 'soon', metadata: { project: 'run-project' } },
      400,
      'start_time is not an ISO 8601 date and time: soon',
    ],
    [{ metadata: { project: 'run-project', env: { a: 1 } } }, 400, 'metadata.env must be a text'],
  ])('refuses %j', async (json, status, text) => {
    const answer = await add(json)
    expect([answer.status, answer.body]).toEqual([status, text])
  })

  it('refuses strangers', async () => {
    expect((await add({ metadata: { project } }, 'rae')).status).toBe(403)
  })

  it('answers the same run again with the stored one, and another one under its id with 400 (D11)', async () => {
    const run = { id: randomUUID(), start_time: '2024-09-02T00:00:00Z', duration: 2, metadata: { project, n: 1 } }
    expect((await add(run)).status).toBe(201)
    const again = await add({ ...run, duration: 3, summary: { tests: 9 } })
    expect([again.status, again.body.duration]).toEqual([201, 2])
    expect((await add({ ...run, metadata: { project, n: 2 } })).body).toBe(`Run id ${run.id} already exist`)
    expect((await add({ ...run, start_time: undefined })).status).toBe(400)
  })
})

describe('PUT /run/{id}', () => {
  it('merges metadata; null and missing say nothing (D18, D35)', async () => {
    const made = await add({ metadata: { project, env: 'qa', deep: { a: { x: 1 } } }, source: 's', component: 'pay' })
    const changed = await change(made.body.id, {
      component: null,
      env: null,
      source: null,
      metadata: { deep: { a: { y: 2 }, b: 'text' }, list: [1] },
    })
    expect(changed.body).toMatchObject({ component: 'pay', env: 'qa', source: 's' })
    expect(changed.body.metadata.deep).toEqual({ a: { x: 1, y: 2 }, b: 'text' })
    const flat = await change(made.body.id, { metadata: { deep: 'flat', list: null } })
    expect(flat.body.metadata).toMatchObject({ deep: 'flat', list: [1] })
  })

  it('keeps every key of 50 concurrent updates', async () => {
    const { body: run } = await add({ metadata: { project } })
    const keys = Array.from({ length: 50 }, (_, n) => `key-${n}`)
    const answers = await Promise.all(keys.map((key) => change(run.id, { metadata: { [key]: key } })))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const { body } = await read(run.id)
    expect(Object.keys(body.metadata).filter((key) => key.startsWith('key-'))).toHaveLength(50)
  })

  it('moves a run only into a project of the caller (D23)', async () => {
    const foreign = await server.addProject('rae-project', 'rae')
    const { body: run } = await add({ metadata: { project } })
    expect((await change(run.id, { project_id: foreign })).status).toBe(403)
    expect((await change(run.id, { metadata: { project: 'rae-project' } })).status).toBe(403)
    expect((await read(run.id)).body.project_id).toBe(project)
  })

  it.each([
    ['abc', 400, 'ID: abc is not a valid UUID'],
    ['00000000-0000-4000-8000-000000000001', 404, 'Run not found'],
  ])('answers %s with %i', async (id, status, text) => {
    const answer = await change(id, { source: 'x' })
    expect([answer.status, answer.body]).toEqual([status, text])
  })
})

describe('summaries', () => {
  const result = (run: string, n: number, outcome: string) =>
    server.send('POST', '/api/result', {
      as: 'ron',
      json: {
        test_id: `test_${n}`,
        result: outcome,
        duration: 0.5,
        start_time: `2024-03-01T08:00:0${n}Z`,
        source: 'first',
        metadata: { project, run, component: 'cart', jenkins: { job_name: 'j', build_number: '1' }, tags: ['t'] },
      },
    })

  it('follow the results within 2 s, and fill what the run lacks from its first result', async () => {
    const { body: run } = await add({
      metadata: { project, note: 'bare' },
      summary: { collected: 9, flaky: 2, tests: 77 },
      start_time: '2024-03-01T08:00:00Z',
    })
    const outcomes = ['passed', 'failed', 'error', 'skipped', 'xfailed', 'xpassed', 'manual']
    for (const [n, outcome] of outcomes.entries()) expect((await result(run.id, n, outcome)).status).toBe(201)
    const { body } = await eventually(
      () => read(run.id),
      (answer) => answer.body.summary?.tests === 7,
      2_000,
    )
    expect(body.summary).toEqual({
      errors: 1,
      failures: 1,
      skips: 1,
      xfailures: 1,
      xpasses: 1,
      tests: 7,
      passes: 2,
      pass_percent: 28,
      collected: 9,
      not_run: 2,
      flaky: 2,
    })
    expect(body).toMatchObject({ duration: 3.5, component: 'cart', source: 'first', env: null })
    expect(body.metadata).toEqual({
      project,
      note: 'bare',
      jenkins: { job_name: 'j', build_number: '1' },
      tags: ['t'],
    })
  })

  it('of a run without results keep what the client said, with zeros for the rest (D30)', async () => {
    const { body: run } = await add({
      metadata: { project },
      duration: 100,
      summary: { tests: 5, flaky: 2, skips: null },
    })
    expect(run.summary).toEqual({ tests: 5, flaky: 2, skips: null })
    const { body } = await eventually(
      () => read(run.id),
      (answer) => answer.body.summary?.passes === 0,
      2_000,
    )
    expect(body.duration).toBe(100)
    expect(body.summary).toMatchObject({ tests: 5, flaky: 2, skips: 0, failures: 0, pass_percent: 0, collected: 0 })
  })

  it('accept odd numbers in a summary (D32)', async () => {
    for (const pass_percent of [50.5, 'x', { a: 1 }]) {
      const made = await add({ metadata: { project }, summary: { tests: 2, pass_percent } })
      expect([made.status, made.body.summary.pass_percent]).toEqual([201, pass_percent])
    }
    await server.ctx.recounts.recountNow()
  })
})

describe('GET /run', () => {
  it('shows only runs of the caller', async () => {
    const mine = await server.send('GET', '/api/run', { as: 'ron' })
    expect(mine.body.runs.length).toBeGreaterThan(0)
    const hers = await server.send('GET', '/api/run', { as: 'rae', query: [['filter', `project_id=${project}`]] })
    expect(hers.body).toMatchObject({ runs: [], pagination: { totalItems: 0, totalPages: 0 } })
  })

  it('demands a project filter of people without projects', async () => {
    await server.addUser('new')
    const answer = await server.send('GET', '/api/run', { as: 'new' })
    expect([answer.status, answer.body]).toEqual([400, 'Bad request, project_id filter is required'])
  })

  it.each([
    ['pageSize', '0'],
    ['page', 'x'],
    ['page', '1.0'],
    ['estimate', 'maybe'],
  ])('refuses %s=%s', async (name, value) => {
    const answer = await server.send('GET', '/api/run', { query: [[name, value]] })
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json'])
  })

  it.each([
    ['page', ' +01 '],
    ['estimate', 'TRUE'],
    ['page', '-3'],
  ])('accepts %s=%s', async (name, value) => {
    expect((await server.send('GET', '/api/run', { query: [[name, value]] })).status).toBe(200)
  })

  it('refuses pages beyond what the database can count', async () => {
    const answer = await server.send('GET', '/api/run', { query: [['page', '99999999999999999999']] })
    expect([answer.status, answer.body]).toEqual([400, 'The page number is too big.'])
  })
})

describe('POST /runs/bulk-update', () => {
  const bulk = (as: string, json: unknown, ...query: [string, string][]) =>
    server.send('POST', '/api/runs/bulk-update', { as, json, query })

  it('fills keys that runs lack, within the projects of the caller (D23, D44)', async () => {
    await add({ metadata: { project, batch: 'b1', kept: 'old', nested: { a: 1 } } })
    await add({ metadata: { project, batch: 'b1', kept: null } })
    const answer = await bulk(
      'ron',
      { metadata: { kept: 'new', nested: { a: 2, b: 3 } } },
      ['filter', 'metadata.batch=b1'],
      ['pageSize', '5'],
    )
    expect(answer.status).toBe(200)
    const kept = answer.body.runs.map((run: { metadata: { kept: string } }) => run.metadata.kept).sort()
    expect(kept).toEqual(['new', 'old'])
    expect(answer.body.runs.map((run: { metadata: { nested: object } }) => run.metadata.nested)).toContainEqual({
      a: 1,
      b: 3,
    })
    expect((await bulk('rae', { metadata: { stolen: 1 } }, ['filter', 'metadata.batch=b1'])).status).toBe(404)
  })

  it.each([
    [{ source: 'x' }, '5', 401],
    [{ metadata: {} }, '5', 401],
    [{ metadata: { a: 1 } }, '26', 405],
  ])('refuses %j with pageSize %s', async (json, pageSize, status) => {
    expect((await bulk('ron', json, ['pageSize', pageSize])).status).toBe(status)
  })
})
