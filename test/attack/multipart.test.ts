import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'
import { findLeak } from './helpers/leaks.ts'

let server: TestServer
let project: string
let result: string

beforeAll(async () => {
  server = await startTestServer({}, undefined, { jobs: true })
  await server.addUser('mo')
  project = await server.addProject('forms', 'mo')
  result = (await server.send('POST', '/api/result', { as: 'mo', json: { metadata: { project } } })).body.id
})
afterAll(() => server.close())

const BOUNDARY = 'b'
const part = (head: string, content: string) => `--${BOUNDARY}\r\n${head}\r\n\r\n${content}\r\n`
const field = (name: string, content: string) => part(`Content-Disposition: form-data; name="${name}"`, content)
const file = (name: string, filename: string, content: string) =>
  part(`Content-Disposition: form-data; name="${name}"; filename="${filename}"`, content)
const end = `--${BOUNDARY}--\r\n`
const good = () => field('resultId', result) + field('filename', 'a.txt') + file('file', 'a', 'x')
const post = (body: string | Buffer, path = '/api/artifact', type = `multipart/form-data; boundary=${BOUNDARY}`) =>
  server.send('POST', path, { as: 'mo', body, headers: { 'content-type': type } })

it('a form as it should be is taken (else nothing below proves anything)', async () => {
  expect((await post(good() + end)).status).toBe(201)
})

const forms: Readonly<Record<string, [body: () => string, statuses: number[]]>> = {
  '2,000 fields': [() => good() + Array.from({ length: 2_000 }, (_, i) => field(`f${i}`, 'x')).join('') + end, [400]],
  '2,000 files': [
    () => good() + Array.from({ length: 2_000 }, (_, i) => file(`f${i}`, 'x', 'x')).join('') + end,
    [400],
  ],
  '900 fields that nobody asked for': [
    () => Array.from({ length: 900 }, (_, i) => field(`f${i}`, 'x')).join('') + good() + end,
    [201],
  ],
  'a name of 1 MB': [() => field('n'.repeat(1_000_000), 'x') + good() + end, [201, 400]],
  'a file name of 1 MB': [() => field('resultId', result) + file('file', 'n'.repeat(1_000_000), 'x') + end, [201, 400]],
  'a head of 2 MB': [
    () => part(`Content-Disposition: form-data; name="a"\r\nX-A: ${'x'.repeat(2_000_000)}`, 'x') + good() + end,
    [201, 400],
  ],
  '20,000 heads of a part': [
    () => part(`Content-Disposition: form-data; name="a"\r\n${'X-A: b\r\n'.repeat(20_000)}X: y`, 'x') + good() + end,
    [201, 400],
  ],
  'a field of 2 MB': [() => field('resultId', 'x'.repeat(2_000_000)) + good() + end, [413]],
  'an unknown field of 20 MB': [() => field('other', 'x'.repeat(20_000_000)) + good() + end, [201, 413]],
  'a file of 6 MB': [
    () => field('resultId', result) + field('filename', 'a') + file('file', 'a', 'x'.repeat(6_000_000)) + end,
    [400, 413],
  ],
  'no end': [() => good(), [400]],
  'no boundary in it': [() => 'nothing', [400]],
  'nothing at all': [() => '', [400]],
  'two files of one name': [() => good() + file('file', 'b', 'y') + end, [400]],
  'a file that is a field': [
    () => field('resultId', result) + field('filename', 'a') + field('file', 'x') + end,
    [400],
  ],
  'a field named __proto__': [() => field('__proto__', '{"x":1}') + field('constructor', 'x') + good() + end, [201]],
  'a doubled owner': [
    () => field('resultId', result) + field('resultId', '00000000-0000-4000-8000-000000000000') + good() + end,
    [201, 400],
  ],
  'half a letter in a name': [() => field('\ud83d\0', 'x') + good() + end, [201, 400]],
  'metadata of 1,000 levels': [
    () => field('additionalMetadata', '['.repeat(1_000) + ']'.repeat(1_000)) + good() + end,
    [400],
  ],
  'metadata with __proto__': [
    () => field('additionalMetadata', '{"__proto__":{"isSuperadmin":true}}') + good() + end,
    [201],
  ],
}

describe('hostile forms', () => {
  it.each(Object.entries(forms))('%s', async (_name, [make, statuses]) => {
    const answer = await post(make())
    expect(statuses).toContain(answer.status)
    if (answer.status >= 400) expect(findLeak(answer.text)).toBeNull()
    expect(({} as Record<string, unknown>).isSuperadmin).toBeUndefined()
    // The server lives, and takes the next.
    expect((await server.send('GET', '/api/health', { as: null })).status).toBe(200)
  })

  it.each([
    ['no boundary', 'multipart/form-data'],
    ['an empty boundary', 'multipart/form-data; boundary='],
    ['a boundary of 10,000 letters', `multipart/form-data; boundary=${'b'.repeat(10_000)}`],
    ['a boundary with a line break in it', 'multipart/form-data; boundary="b\\r\\nX-A: 1"'],
    ['another kind of multipart', 'multipart/mixed; boundary=b'],
    ['a thousand parameters', `multipart/form-data; ${'a=b; '.repeat(1_000)}boundary=x`],
  ])('%s', async (_name, type) => {
    const answer = await post(good() + end, '/api/artifact', type)
    expect([400, 415]).toContain(answer.status)
  })
})

describe('decompression bombs', () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20))

  it('no body is unpacked: its content encoding is refused or left as it is', async () => {
    const json = gzipSync(JSON.stringify({ metadata: { project } }))
    for (const [encoding, body] of [
      ['gzip', bomb],
      ['gzip', json],
      ['deflate', deflateSync(json)],
      ['br', json],
      ['gzip, gzip, gzip', bomb],
      ['x-gzip', bomb],
    ] as const) {
      const answer = await server.send('POST', '/api/result', {
        as: 'mo',
        body,
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      })
      expect([encoding, answer.status]).toEqual([encoding, expect.toBeOneOf([400, 415])])
    }
  })

  const upload = async (name: string, bytes: Buffer) => {
    const body = new FormData()
    body.append('project', project)
    body.append('importFile', new Blob([bytes]), name)
    const answer = await server.send('POST', '/api/import', { as: 'mo', body })
    if (answer.status >= 400) return { status: 'refused', code: answer.status }
    const done = await eventually(
      () => server.send('GET', `/api/import/${answer.body.id}`, { as: 'mo' }),
      ({ body: seen }) => ['done', 'error'].includes(seen.status),
      60_000,
    )
    return { status: done.body.status, text: done.text }
  }

  it.each([
    ['an archive that is one bomb', 'a.tar.gz', () => bomb],
    ['a bomb in a bomb', 'a.tar.gz', () => gzipSync(bomb)],
    [
      'an archive with a file of 8 GB that is not there',
      'a.tar.gz',
      () => gzipSync(tarHead('run.json', 8 * 1024 ** 3)),
    ],
    ['an archive with a negative size', 'a.tar.gz', () => gzipSync(tarHead('run.json', -1))],
    ['an archive of paths outside', 'a.tar.gz', () => gzipSync(tarFile('../../../../tmp/evil', '{}'))],
    ['an archive that is cut off', 'a.tar.gz', () => bomb.subarray(0, 1_000)],
    ['entities that double', 'a.xml', () => Buffer.from(laughs())],
    [
      'an entity that is a file',
      'a.xml',
      () =>
        Buffer.from(
          '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuites><testsuite name="&x;"><testcase name="&x;"/></testsuite></testsuites>',
        ),
    ],
    [
      'a parameter entity of theirs',
      'a.xml',
      () => Buffer.from('<!DOCTYPE t [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]><testsuites/>'),
    ],
    ['100,000 levels', 'a.xml', () => Buffer.from('<testsuite>'.repeat(100_000))],
    ['an attribute of 20 MB', 'a.xml', () => Buffer.from(`<testsuites name="${'x'.repeat(20_000_000)}"/>`)],
  ])('%s ends as an error, in bounded memory', { timeout: 90_000 }, async (_name, filename, make) => {
    const before = process.memoryUsage().rss
    const outcome = await upload(filename, make())
    expect(outcome.status).toBe('error')
    expect(outcome.text ?? '').not.toMatch(/root:.*:0:0|EACCES|ENOENT|node_modules/)
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(400)
  })
})

/** The head of a file in a tar archive. */
function tarHead(name: string, size: number): Buffer {
  const head = Buffer.alloc(512)
  head.write(name)
  head.write('0000644\0', 100)
  head.write(size >= 0 ? `${size.toString(8).padStart(11, '0')}\0` : '-0000000001\0', 124)
  head.write('0', 156)
  head.write('ustar\0', 257)
  head.fill(0x20, 148, 156)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return head
}

function tarFile(name: string, content: string): Buffer {
  const padded = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  padded.write(content)
  return Buffer.concat([tarHead(name, content.length), padded, Buffer.alloc(1024)])
}

function laughs(): string {
  const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  return `<!DOCTYPE t [<!ENTITY l0 "ha">${entities}]><testsuites><testsuite name="&l20;"><testcase name="a"/></testsuite></testsuites>`
}
