import { once } from 'node:events'
import { type IncomingMessage, get as request } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'
import { createRandom } from '../process/helpers/seeded-random.ts'

/** Larger than the pieces in which artifacts are read (artifact-content.ts), and no multiple of them. */
const SIZE = 1_800_001
const MB = 2 ** 20

let server: TestServer
let result: string
beforeAll(async () => {
  server = await startTestServer()
  await server.addUser('art')
  const project = await server.addProject('large-artifacts', 'art')
  const run = await server.send('POST', '/api/run', { json: { metadata: { project } } })
  const json = { result: 'failed', metadata: { project, run: run.body.id } }
  result = (await server.send('POST', '/api/result', { json })).body.id
})
afterAll(() => server.close())

async function upload(content: Buffer): Promise<string> {
  const form = new FormData()
  form.set('resultId', result)
  form.set('filename', 'large')
  form.set('file', new Blob([content]), 'blob')
  const made = await server.send('POST', '/api/artifact', { as: 'art', body: form })
  expect(made.status).toBe(201)
  return made.body.id
}

/** Begins a download and reads nothing of its body. */
async function beginDownload(id: string) {
  const headers = { authorization: `Bearer ${await server.token('art')}` }
  const sent = request(`${server.url}/api/artifact/${id}/download`, { headers, agent: false })
  // What becomes of the connection shows in the answer.
  sent.on('error', () => undefined)
  const answer = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve))
  return answer.pause()
}

const random = createRandom(1)
const bytes = Buffer.from(Array.from({ length: SIZE }, () => random.between(0, 255)))
const lines = (line: string) => Buffer.from(line.repeat(Math.ceil(SIZE / line.length)))

describe('a large artifact', () => {
  it.each([
    ['bytes', bytes, 'application/octet-stream'],
    ['a text', lines('a line of a log\n'), 'text/plain'],
    ['one JSON document', Buffer.from(`[${'"0123456789", '.repeat(SIZE / 14)}1]`), 'application/json'],
    ['JSON that breaks at its end', Buffer.from(`[${'"0123456789", '.repeat(SIZE / 14)}`), 'text/plain'],
    ['a table', lines('1,2,3\n'), 'text/csv'],
    ['a table of few long lines', Buffer.from(`${'x'.repeat(SIZE / 3)},1\n`.repeat(4)), 'text/csv'],
  ])('comes back byte by byte under its type: %s', async (_what, content, type) => {
    const id = await upload(content)
    for (const verb of ['view', 'download']) {
      const answer = await server.send('GET', `/api/artifact/${id}/${verb}`, { as: 'art' })
      expect(answer.bytes.equals(content)).toBe(true)
      expect(answer.headers.get('content-type')).toBe(type)
      expect(answer.headers.get('content-length')).toBe(String(content.length))
      expect(answer.headers.get('content-security-policy')).toBe('sandbox')
      expect(answer.headers.get('content-disposition')?.startsWith('attachment;') ?? false).toBe(verb === 'download')
    }
  })

  it('is not held in memory for clients that are slow', async () => {
    const id = await upload(Buffer.alloc(5 * MB, 'a line of a log\n'))
    const before = heldOutside()
    const answers = await Promise.all(Array.from({ length: 16 }, () => beginDownload(id)))
    // Pieces of the file are under way at first, until the connections are full.
    const held = await eventually(
      async () => heldOutside() - before,
      (now) => now < 16 * MB,
    )
    for (const answer of answers) answer.destroy()
    expect(answers.every((answer) => answer.statusCode === 200)).toBe(true)
    expect(held / MB).toBeLessThan(16)
  })

  it('of an archive, however large, is told by its head', async () => {
    const id = await upload(Buffer.from('a small file'))
    const text = `convert_to('[' || repeat('"0123456789", ', 3000000) || '1]', 'utf8')`
    await runSql(server.databaseUrl, `update artifacts set content = ${text} where id = '${id}'`)
    const answer = await beginDownload(id)
    answer.destroy()
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/plain'])
  })

  it('that is deleted while it is sent ends as a broken answer, not as a whole one', async () => {
    const id = await upload(Buffer.from('a small file'))
    // More than the system takes in for a connection.
    const text = `convert_to(repeat('a line of a log', 4000000), 'utf8')`
    await runSql(server.databaseUrl, `update artifacts set content = ${text} where id = '${id}'`)
    const answer = await beginDownload(id)
    await runSql(server.databaseUrl, `delete from artifacts where id = '${id}'`)
    const failed = once(answer, 'error')
    answer.resume()
    expect((await failed)[0].message).toBe('aborted')
  })
})

/** Bytes in buffers, once what nobody needs is collected. */
function heldOutside(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().arrayBuffers
}
