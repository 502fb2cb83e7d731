import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tarGz } from '../../helpers/imports.ts'
import { eventually, startTestServer, type TestServer } from '../../helpers/server.ts'
import {
  artifactForm,
  createTypescriptClient,
  formOf,
  type PlaywrightSession,
  sendPlaywrightSession,
} from './typescript-client.ts'

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), randomBytes(2_000)])

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer({}, undefined, { jobs: true })
  await server.addUser('tess')
  project = await server.addProject('web-shop', 'tess')
})
afterAll(() => server.close())

async function clientOf(defaultProject?: string) {
  const json = { name: 'ci', expires: null, ...(defaultProject ? { default_project: defaultProject } : {}) }
  const made = await server.send('POST', '/api/user/token', { as: 'tess', json })
  return createTypescriptClient(`${server.url}/api`, made.body.token)
}

/**
 * A session as the reporter hands it to its sender, less what gets lost there: the client's models know `startTime` and
 * `testId`, the reporter says `start_time` and `test_id`, so neither is sent; nor is the run of a result.
 */
function playwrightSession(): PlaywrightSession {
  const result = (title: string, outcome: string, retries = 0) => ({
    id: randomUUID(),
    duration: 1.25,
    result: outcome,
    metadata: {
      title,
      location: { file: '/src/tests/cart.spec.ts', line: 12, column: 5 },
      project: 'chromium',
      retries,
      annotations: [],
      tags: ['@smoke'],
      titlePath: ['', 'chromium', 'cart.spec.ts', title],
    },
  })
  return {
    run: {
      id: randomUUID(),
      duration: 4.5,
      source: 'nightly',
      component: 'frontend',
      env: 'staging',
      summary: { failures: 2, errors: 0, xfailures: 0, xpasses: 0, skips: 1, tests: 4, collected: 4, not_run: 0 },
      metadata: {
        team: 'qa',
        playwright: { version: '1.48.0', workers: 2, projects: ['chromium'] },
        jenkins: { job_name: 'shop', build_number: '7', build_url: 'https://jenkins.example.com/job/shop/7/' },
      },
    },
    runFiles: { 'report/index.html': '<p>report</p>' },
    results: [
      { result: result('adds to the cart', 'passed'), files: {} },
      {
        result: result('pays › by card', 'failed'),
        files: {
          screenshot: PNG,
          'trace.zip': randomBytes(5_000),
          'error.log': 'Error: 日本語\n',
          'stdout.log': 'out',
        },
      },
      { result: result('pays › by card', 'failed', 1), files: { 'error.log': 'again' } },
      { result: result('prints', 'skipped'), files: {} },
    ],
  }
}

describe('playwright-ibutsu in server mode, with a token that has a default project', () => {
  it('has its run, results and artifacts stored and read back', async () => {
    const client = await clientOf('web-shop')
    const session = playwrightSession()
    const { run, runFiles, results } = session
    const answers = await sendPlaywrightSession(client, session)
    expect(answers.map(({ status }) => status)).toEqual([404, 201, ...Array(10).fill(201), 200, 200, 200])
    expect(client.log).toEqual([
      `GET /run/${run.id}`,
      'POST /run',
      'POST /artifact',
      'POST /result',
      'POST /result',
      ...Array(4).fill('POST /artifact'),
      'POST /result',
      'POST /artifact',
      'POST /result',
      `GET /run/${run.id}`,
      `PUT /run/${run.id}`,
      'GET /health/info',
    ])
    expect(answers.at(-1)?.body.frontend).toMatch(/^http/)

    const stored = await client.get(`/run/${run.id}`)
    const { id, duration, source, component, env, metadata } = run
    expect(stored.body).toMatchObject({ id, duration, source, component, env, metadata, project_id: project })
    expect(stored.body.summary).toMatchObject(run.summary as object)
    expect(Date.now() - Date.parse(stored.body.start_time)).toBeLessThan(60_000)
    expect(await filesOf(client, 'runId', run.id)).toEqual(bytesOf(runFiles))

    for (const { result, files } of results) {
      const { title } = result.metadata as { title: string }
      const read = await client.get(`/result/${result.id}`)
      expect(read.body).toEqual({
        ...result,
        test_id: title,
        project_id: project,
        run_id: null,
        start_time: expect.stringMatching(/Z$/),
        component: null,
        env: null,
        params: null,
        source: null,
      })
      expect(await filesOf(client, 'resultId', result.id)).toEqual(bytesOf(files))
    }
    const filter = encodeURIComponent('metadata.project=chromium')
    const list = await client.get(`/result?filter=${filter}&pageSize=50`)
    expect(list.body.results.map(({ id: one }: { id: string }) => one).sort()).toEqual(
      results.map(({ result }) => result.id).sort(),
    )
  })

  it('keeps what it has when it is sent again after a lost answer', async () => {
    const client = await clientOf(project)
    const { run } = playwrightSession()
    expect((await client.send('POST', '/run', run)).status).toBe(201)
    const stored = (await client.get(`/run/${run.id}`)).body
    // The client sends no start, so only its look-up first keeps it from sending a run twice.
    expect((await client.send('PUT', `/run/${run.id}`, run)).status).toBe(200)
    expect((await client.get(`/run/${run.id}`)).body).toMatchObject({ ...stored, summary: run.summary })
  })
})

it('playwright-ibutsu with another token gets the refusals of the original, and stores nothing', async () => {
  const client = await clientOf()
  const answers = await sendPlaywrightSession(client, playwrightSession())
  const refused = answers.filter(({ status }) => status === 400).map(({ body }) => body)
  expect(refused).toContain('Bad request, project or project_id is required')
  expect(refused).toContain('Invalid project')
  expect(answers.map(({ status }) => status)).not.toContain(201)
  expect(answers.some(({ status }) => status >= 500)).toBe(false)
})

describe('ibutsu-client-ts', () => {
  it('sends every member of its models and reads them back', async () => {
    const client = await clientOf()
    const run = {
      id: randomUUID(),
      created: '2026-03-02T21:04:10.000Z',
      duration: 2,
      source: 'ts',
      start_time: '2026-03-02T21:04:11.250Z',
      component: 'cart',
      env: 'qa',
      project_id: project,
      summary: { tests: 1, failures: 1 },
      metadata: { build: 7 },
    }
    expect((await client.send('POST', '/run', run)).status).toBe(201)
    const result = {
      id: randomUUID(),
      test_id: 'cart › adds',
      start_time: '2026-03-02T21:04:12.500Z',
      duration: 0.5,
      result: 'failed',
      component: 'cart',
      env: 'qa',
      run_id: run.id,
      project_id: project,
      metadata: { deep: { list: [1, 'two'] } },
      params: { browser: 'firefox' },
      source: 'ts',
    }
    expect((await client.send('POST', '/result', result)).status).toBe(201)
    expect((await client.get(`/result/${result.id}`)).body).toEqual({
      ...result,
      start_time: '2026-03-02T21:04:12.500000Z',
    })
    const counted = await eventually(
      () => client.get(`/run/${run.id}`),
      ({ body }) => body.summary.pass_percent === 0 && body.summary.failures === 1,
    )
    expect(counted.body).toMatchObject({
      ...run,
      created: '2026-03-02T21:04:10Z',
      start_time: '2026-03-02T21:04:11.250000Z',
      duration: 0.5,
      summary: { tests: 1, failures: 1 },
    })
    const query = `filter=${encodeURIComponent(`run_id=${run.id}`)}&filter=result%3Dfailed&estimate=false&page=1&pageSize=5`
    expect((await client.get(`/result?${query}`)).body.pagination.totalItems).toBe(1)
    const changed = await client.send('PUT', `/result/${result.id}`, { metadata: { classification: 'product' } })
    expect(changed.body.metadata).toEqual({ ...result.metadata, classification: 'product' })
  })

  it('uploads files with their metadata as a JSON part (D20)', async () => {
    const client = await clientOf(project)
    const { body: result } = await client.send('POST', '/result', { result: 'passed', metadata: { title: 'files' } })
    const additionalMetadata = { contentType: 'image/png', page: 3 }
    const form = artifactForm({ resultId: result.id, filename: 'shot "ü".png', content: PNG, additionalMetadata })
    const wire = await new Response(form).text()
    expect(wire).toMatch(/name="file"; filename="blob"\r\nContent-Type: application\/octet-stream/)
    expect(wire).toMatch(/name="additionalMetadata"; filename="blob"\r\nContent-Type: application\/json/)
    const made = await client.sendForm('/artifact', form)
    expect([made.status, made.body.filename, made.body.additional_metadata]).toEqual([
      201,
      'shot "ü".png',
      additionalMetadata,
    ])
    expect((await client.get(`/artifact/${made.body.id}`)).body).toEqual(made.body)
    expect((await client.download(made.body.id)).equals(PNG)).toBe(true)
    const view = await server.send('GET', `/api/artifact/${made.body.id}/view`, { as: 'tess' })
    expect([view.status, view.type]).toEqual([200, 'image/png'])
  })

  it('imports a file with its metadata as a JSON part', async () => {
    const client = await clientOf()
    const id = randomUUID()
    const member = (name: string, json: object) => ({ name: `${id}/${name}`, content: JSON.stringify(json) })
    const resultId = randomUUID()
    const archive = await tarGz([
      member('run.json', { id, metadata: { project: 'web-shop' }, start_time: '2026-03-02T21:04:11.250Z' }),
      member(`${resultId}/result.json`, { id: resultId, test_id: 't', result: 'passed', metadata: {} }),
      { name: `${id}/${resultId}/traces/first/trace.zip`, content: 'nested' },
    ])
    const form = formOf([
      ['importFile', new File([new Uint8Array(archive)], `${id}.tar.gz`)],
      ['project', 'web-shop'],
      ['metadata', { pipeline: { number: 12 } }],
      ['source', 'ts'],
    ])
    const made = await client.sendForm('/import', form)
    expect(made.status).toBe(201)
    expect(made.body.metadata.metadata).toEqual({ pipeline: { number: 12 } })
    const done = await eventually(
      () => client.get(`/import/${made.body.id}`),
      ({ body }) => body.status === 'done' || body.status === 'error',
      15_000,
    )
    expect([done.body.status, done.body.metadata.run_id]).toEqual(['done', [id]])
    expect((await client.get(`/run/${id}`)).body.metadata).toMatchObject({ pipeline: { number: 12 } })
    expect(await filesOf(client, 'resultId', resultId)).toEqual({ 'traces/first/trace.zip': 'nested' })
  })
})

type Client = Awaited<ReturnType<typeof clientOf>>

/** What is attached to a run or a result: name → content as binary text. */
async function filesOf(client: Client, owner: 'runId' | 'resultId', id: string): Promise<Record<string, string>> {
  const { body } = await client.get(`/artifact?${owner}=${id}&pageSize=50`)
  const files: Record<string, string> = {}
  for (const artifact of body.artifacts)
    files[artifact.filename] = (await client.download(artifact.id)).toString('latin1')
  return files
}

function bytesOf(files: Readonly<Record<string, string | Buffer>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, Buffer.from(content as string).toString('latin1')]),
  )
}
