import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer()
  await server.addUser('sam')
  project = await server.addProject('bad-input', 'sam')
})
afterAll(() => server.close())

const json = { 'content-type': 'application/json' }

/** Values that `String()` can't turn into text: numbers kept exact have no prototype, these objects no method. */
const unprintable = ['{"toString": 1}', '[{"toString": null}]', '[12345678901234567890]', '123456789012345678901']

describe('an id that is no text', () => {
  it.each(unprintable)('is refused as metadata.run: %s', async (value) => {
    const body = `{"metadata": {"project": "${project}", "run": ${value}}}`
    const answer = await server.send('POST', '/api/result', { as: 'sam', body, headers: json })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('metadata.run is not a valid UUID')])
  })

  it.each(unprintable.slice(0, 3))('is refused as the id of a token: %s', async (value) => {
    const body = `{"name": "t", "expires": null, "id": ${value}}`
    const answer = await server.send('POST', '/api/user/token', { as: 'sam', body, headers: json })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('not a valid UUID')])
  })
})

describe('a page number that no number type holds', () => {
  const huge = '9'.repeat(400)
  it.each([
    ['page', huge],
    ['page', `-${huge}`],
    ['pageSize', huge],
  ])('%s is refused', async (name, value) => {
    for (const path of ['/api/run', '/api/artifact', '/api/group', '/api/admin/user']) {
      const answer = await server.send('GET', path, { query: [[name, value]] })
      expect([path, answer.status, answer.type]).toEqual([path, 400, 'application/problem+json'])
    }
  })
})

describe('durations near the end of the doubles', () => {
  it('do not stop the recount, of their run or of others', async () => {
    const add = async (duration: number) => {
      const run = (await server.send('POST', '/api/run', { as: 'sam', json: { metadata: { project } } })).body.id
      for (let count = 0; count < 2; count++) {
        const result = { metadata: { project, run }, result: 'failed', duration }
        expect((await server.send('POST', '/api/result', { as: 'sam', json: result })).status).toBe(201)
      }
      return run
    }
    const runs = [await add(1.7e308), await add(1.5), await add(-1.7e308)]
    await server.ctx.recounts.recountNow()
    const counted = await Promise.all(runs.map((id) => server.send('GET', `/api/run/${id}`, { as: 'sam' })))
    expect(counted.map(({ body }) => [body.summary.failures, body.duration])).toEqual([
      [2, 0],
      [2, 3],
      [2, 0],
    ])
  })
})

/** Sends raw bytes and gives all that comes back until the connection ends. */
async function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

describe('the edge', () => {
  it('answers requests that name the whole address', async () => {
    for (const target of ['http://proxy.example:80/api/health', 'http://proxy.example/api/health?a=//b']) {
      expect(await sendRaw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /)
    }
    const root = await sendRaw('GET http://proxy.example HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(root).toMatch(/^HTTP\/1.1 302 /)
  })

  it('shows no stack when a page has no such range', async () => {
    for (const [name, value] of [['range', 'bytes=99999999-'] as const, ['if-match', '"x"'] as const]) {
      const answer = await server.send('GET', '/api/ui/swagger-ui.css', { headers: { [name]: value } })
      expect([[412, 416].includes(answer.status), answer.text]).toEqual([true, ''])
    }
  })
})

describe('an adopted row whose JSON is no object', () => {
  it.each(['null', '"text"', '[]'])('reads as one without it, and can be changed: %s', async (json) => {
    const post = async (path: string, body: object) =>
      (await server.send('POST', path, { as: 'sam', json: body })).body.id as string
    const run = await post('/api/run', { metadata: { project } })
    const result = await post('/api/result', { metadata: { project } })
    await server.ctx.db.query({ text: 'update runs set data = $2, summary = $2 where id = $1', values: [run, json] })
    await server.ctx.db.query({
      text: 'update results set data = $2, params = $2 where id = $1',
      values: [result, json],
    })
    const readRun = await server.send('GET', `/api/run/${run}`, { as: 'sam' })
    expect([readRun.status, readRun.body.metadata, readRun.body.summary]).toEqual([200, {}, null])
    const readResult = await server.send('GET', `/api/result/${result}`, { as: 'sam' })
    expect([readResult.status, readResult.body.metadata, readResult.body.params]).toEqual([200, {}, null])
    for (const path of [`/api/run/${run}`, `/api/result/${result}`]) {
      const named = await server.send('PUT', path, { as: 'sam', json: { source: 'x' } })
      const merged = await server.send('PUT', path, { as: 'sam', json: { metadata: { a: 1 } } })
      expect([named.status, merged.status, merged.body.metadata]).toEqual([200, 200, { a: 1 }])
    }
  })
})
