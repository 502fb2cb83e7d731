import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseJsonBody } from '../../src/json/parse-json.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { findLeak } from './helpers/leaks.ts'
import { report } from './helpers/long-form.ts'

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer()
  await server.addUser('bob')
  project = await server.addProject('bombs', 'bob')
})
afterAll(() => server.close())

const list = (length: number, item: (index: number) => string) => Array.from({ length }, (_, i) => item(i)).join(',')
const metadata = (inner: string) => `{"metadata":{"project":"${project}",${inner}}}`
const post = (body: string | Buffer, path = '/api/result') =>
  server.send('POST', path, { as: 'bob', body, headers: { 'content-type': 'application/json' } })

/** Bodies below 2 MB that are dear to read or to print; what takes too long must be refused before it is read. */
const dear: Readonly<Record<string, () => string>> = {
  'different keys in one object': () => metadata(list(150_000, (i) => `"k${i}":1`)),
  'different keys in many objects': () => metadata(`"a":[${list(100_000, (i) => `{"k${i}":1}`)}]`),
  'keys that are numbers': () => metadata(list(150_000, (i) => `"${(i * 7919) % 4_294_967_290}":1`)),
  'the same keys in many objects': () => metadata(`"a":[${list(100_000, (i) => `{"k${i % 10}":1}`)}]`),
  'long whole numbers': () => metadata(`"a":[${list(100_000, (i) => `12345678901234567${i % 10}`)}]`),
  'long fractions': () => metadata(`"a":[${list(90_000, (i) => `1.2345678901234567${i % 10}`)}]`),
  'numbers of 130,000 digits': () => metadata(`"a":[${list(15, () => '9'.repeat(130_000))}]`),
  'empty lists': () => metadata(`"a":[${list(600_000, () => '[]')}]`),
  'short texts': () => metadata(`"a":[${list(450_000, () => '"a"')}]`),
  'escaped NULs': () => metadata(`"a":"${'\\u0000'.repeat(300_000)}"`),
  'one long text': () => metadata(`"a":"${'x'.repeat(1_900_000)}"`),
  'one long key': () => metadata(`"${'x'.repeat(1_900_000)}":1`),
  'brackets without an end': () => '['.repeat(1_900_000),
  'braces without an end': () => '{"a":'.repeat(380_000),
  'a text without an end': () => `{"a":"${'\\\\'.repeat(900_000)}`,
  'one key again and again': () => `{${list(300_000, () => '"a":1')}}`,
}

describe('bodies that are dear to read', () => {
  it.each(Object.entries(dear))('take no more than 50 ms of the event loop: %s', (name, make) => {
    const bytes = Buffer.from(make())
    expect(bytes.length).toBeLessThan(3_000_000)
    let least = Number.POSITIVE_INFINITY
    for (let round = 0; round < 5; round++)
      least = Math.min(
        least,
        cpuOf(() => readAndPrint(bytes)),
      )
    report('JSON', { name, ms: Math.round(least) })
    expect(least).toBeLessThan(50)
  })

  it.each(Object.entries(dear))('are answered: %s', async (_name, make) => {
    const answer = await post(make())
    expect([201, 400]).toContain(answer.status)
    expect(answer.status === 400 && findLeak(answer.text)).toBeFalsy()
  })
})

function readAndPrint(bytes: Buffer): void {
  try {
    JSON.stringify(parseJsonBody(bytes))
  } catch {
    // Refused.
  }
}

/** The processor time of this process in milliseconds: what others take of the machine does not count. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  return process.cpuUsage(before).user / 1000
}

describe('what honest clients send', () => {
  it('is read however large: 40,000 keys, a table of 30,000 rows, 40,000 nanosecond times', () => {
    const keys = JSON.parse(`{${list(40_000, (i) => `"k${i}":${i}`)}}`)
    expect(parseJsonBody(Buffer.from(JSON.stringify(keys)))).toEqual(keys)
    const rows = Array.from({ length: 30_000 }, (_, i) => ({ id: i, name: `n${i}`, result: 'passed', duration: i / 7 }))
    expect(parseJsonBody(Buffer.from(JSON.stringify({ rows })))).toEqual({ rows })
    const times = `{"a":[${list(40_000, (i) => String(1_700_000_000_000_000_000n + BigInt(i)))}]}`
    expect(JSON.stringify(parseJsonBody(Buffer.from(times)))).toBe(times)
  })
})

describe('bombs', () => {
  it.each([
    ['200,000 levels', () => `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['201 levels', () => metadata(`"a":${'['.repeat(201)}${']'.repeat(201)}`)],
    ['1e400000', () => metadata('"a":1e400000')],
    ['-1e400', () => metadata('"a":[-1e400]')],
    ['10^131072', () => metadata(`"a":1${'0'.repeat(131_072)}`)],
    [
      'broken UTF-8',
      () => Buffer.concat([Buffer.from('{"metadata":{"a":"'), Buffer.from([0xc0, 0xaf, 0xff]), Buffer.from('"}}')]),
    ],
    ['UTF-16', () => Buffer.from(metadata('"a":1'), 'utf16le')],
  ])('%s are refused', async (_name, make) => {
    const answer = await post(make())
    expect([answer.status, findLeak(answer.text)]).toEqual([400, null])
  })

  it('numbers at the edge of what jsonb holds are stored, shown and found', async () => {
    for (const number of ['1e308', `1${'0'.repeat(131_071)}`, '5e-324', '-0', `0.${'1'.repeat(999)}`]) {
      const answer = await post(metadata(`"a":${number}`))
      expect([number.slice(0, 20), answer.status]).toEqual([number.slice(0, 20), 201])
      const read = await server.send('GET', `/api/result/${answer.body.id}`, { as: 'bob' })
      expect(read.status).toBe(200)
    }
    for (const filter of ['metadata.a>5', 'metadata.a=1e308', 'metadata.a<-1', 'metadata.a~^1', 'metadata.a*1;2']) {
      const found = await server.send('GET', '/api/result', { as: 'bob', query: [['filter', filter]] })
      expect([filter, found.status]).toEqual([filter, 200])
    }
  })

  it('of a doubled key the last one counts, and __proto__ and constructor are data', async () => {
    const body = metadata('"a":1,"a":2,"__proto__":{"x":1},"constructor":{"prototype":{"y":1}},"toString":3')
    const answer = await post(body)
    expect(answer.status).toBe(201)
    expect(answer.text).toMatch(/"a": ?2[,}]/)
    expect(answer.text).not.toMatch(/"a": ?1[,}]/)
    expect(answer.text).toMatch(/"__proto__": ?\{"x": ?1\}/)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
    const plain = await post(metadata('"a":1'))
    const merged = await server.send('PUT', `/api/result/${plain.body.id}`, {
      as: 'bob',
      body: '{"metadata":{"__proto__":{"z":1},"hasOwnProperty":1}}',
      headers: { 'content-type': 'application/json' },
    })
    expect([merged.status, merged.text.includes('"z"')]).toEqual([200, true])
    expect(({} as Record<string, unknown>).z).toBeUndefined()
    // The later project of a doubled one is the one that is checked and stored.
    const foreign = await server.addProject('doubled', 'admin')
    for (const [first, last, status] of [
      [project, foreign, 403],
      [foreign, project, 201],
    ]) {
      const doubled = await post(`{"metadata":{"project":"${first}","project":"${last}"}}`)
      expect(doubled.status).toBe(status)
    }
  })

  it('a body over the limit is refused, whatever length it claims', async () => {
    const large = await post(metadata(`"a":"${'x'.repeat(5_300_000)}"`))
    expect(large.status).toBe(413)
  })
})

describe('who has no token', () => {
  it.each([
    ['/api/login', { email: 'a@example.com', password: 'x' }],
    ['/api/login/register', { email: 'a@example.com', password: 'x' }],
    ['/api/login/recover', { email: 'a@example.com' }],
    ['/api/login/reset-password', { activation_code: 'AAAA', password: 'x' }],
    ['/admin/run-task', { token: 'x', task: 'x', params: {} }],
  ])('has no large body read: %s', async (path, json) => {
    const send = (pad: string) => server.send('POST', path, { as: null, json: { ...json, pad } })
    const [small, large] = [await send(''), await send('x'.repeat(100_000))]
    expect([small.status < 500 && small.status !== 413, large.status]).toEqual([true, 413])
  })
})

describe('metadata that is merged', () => {
  it('does not grow for ever by one change after the other', { timeout: 60_000 }, async () => {
    const small = await startTestServer({ MAX_JSON_BYTES: '50000' })
    try {
      const own = await small.addProject('growing')
      const group = (await small.send('POST', '/api/group', { json: { name: 'g' } })).body.id
      const [run, result] = await Promise.all(
        ['/api/run', '/api/result'].map(async (path) => {
          const answer = await small.send('POST', path, { json: { metadata: { project: own } } })
          return answer.body.id as string
        }),
      )
      for (const path of [`/api/run/${run}`, `/api/result/${result}`, `/api/group/${group}`]) {
        const statuses: number[] = []
        for (let round = 0; round < 7; round++) {
          const json = { name: 'g', metadata: { [`k${round}`]: 'x'.repeat(40_000) } }
          statuses.push((await small.send('PUT', path, { json })).status)
        }
        expect([path, statuses]).toEqual([path, [200, 200, 200, 200, 413, 413, 413]])
        // What is there can still be read, and changed without growing.
        expect((await small.send('GET', path)).status).toBe(200)
        const shrunk = await small.send('PUT', path, { json: { name: 'g', metadata: { k1: 'y' } } })
        expect(shrunk.status).toBe(200)
      }
      const path = '/api/runs/bulk-update'
      const fill = (key: string) =>
        small.send('POST', path, {
          query: [['filter', `id=${run}`]],
          json: { metadata: { project: own, [key]: 'x'.repeat(45_000) } },
        })
      expect([(await fill('a')).status, (await fill('b')).status]).toEqual([200, 413])
    } finally {
      await small.close()
    }
  })
})
