import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

let folder: string
let server: TestServer
let log: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'))
  log = join(folder, 'access.log')
  server = await startTestServer({ ACCESS_LOG: log })
})
afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true })
})

interface Line {
  readonly id: string
  readonly [field: string]: unknown
}

/** The line of the request with this id, once it is there. */
async function lineOf(id: string, file = log): Promise<Line | undefined> {
  const find = async () => {
    const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line) as Line).find((line) => line.id === id)
  }
  return eventually(find, (line) => line !== undefined)
}

describe('behind a proxy that is trusted', () => {
  const headers = {
    'x-forwarded-for': '127.0.0.1, 203.0.113.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example.com, tests.example.com',
  }

  it.each([
    ['/api/run/', 307, 'https://tests.example.com/api/run'],
    ['/api//run?page=2', 308, 'https://tests.example.com/api/run?page=2'],
  ])('%s is sent on to the address that the client used', async (path, status, target) => {
    const answer = await server.send('GET', path, { as: null, headers })
    expect([answer.status, answer.headers.get('location')]).toEqual([status, target])
  })

  it('the log has the real client, the account, and no query', async () => {
    const sent = { ...headers, 'x-request-id': 'known-client' }
    const answer = await server.send('GET', '/api/run', { headers: sent, query: [['filter', 'component=hush']] })
    const { body } = await server.send('GET', '/api/user')
    expect(await lineOf('known-client')).toEqual({
      level: 30,
      time: expect.any(String),
      id: 'known-client',
      method: 'GET',
      path: '/api/run',
      status: 200,
      bytes: answer.bytes.length,
      ms: expect.any(Number),
      client: '203.0.113.7',
      user: body.id,
      msg: 'request',
    })
  })

  it('the log masks activation codes', async () => {
    const sent = { 'x-request-id': 'with-code' }
    await server.send('GET', '/api/login/activate/aHVzaC1odXNo?st=hush', { as: null, headers: sent })
    expect(await lineOf('with-code')).toMatchObject({ path: '/api/login/activate/…', user: null, client: '127.0.0.1' })
    await server.send('POST', '/api/login', {
      as: null,
      headers: { 'x-request-id': 'with-password' },
      json: { email: 'a@example.com', password: 'hush' },
    })
    expect(await lineOf('with-password')).toMatchObject({ path: '/api/login', status: 401 })
    expect(await readFile(log, 'utf8')).not.toMatch(/hush|aHVza|eyJ|Bearer/i)
  })

  it('the log knows the client that left before its answer', async () => {
    const left = request(`${server.url}/api/login`, {
      method: 'POST',
      headers: { 'x-request-id': 'gone', 'content-type': 'application/json', 'content-length': 100 },
    })
    left.on('error', () => undefined)
    left.write('{')
    await eventually(
      async () => left.socket?.bytesWritten ?? 0,
      (bytes) => bytes > 0,
    )
    left.destroy()
    expect(await lineOf('gone')).toMatchObject({ client: '127.0.0.1', aborted: true, bytes: 0 })
  })
})

describe('forged headers', () => {
  const forged = {
    'x-forwarded-for': '6.6.6.6',
    forwarded: 'for=6.6.6.6;proto=https;host=evil.example.com',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example.com',
  }

  it.each([
    ['where nobody is trusted', ''],
    ['of a peer that is not listed', '10.0.0.0/8, ::1'],
  ])('count for nothing %s', async (_where, FORWARDED_ALLOW_IPS) => {
    const file = join(folder, `${FORWARDED_ALLOW_IPS.length}.log`)
    const strict = await startTestServer({ FORWARDED_ALLOW_IPS, ACCESS_LOG: file })
    try {
      const headers = { ...forged, 'x-request-id': 'forged' }
      const answer = await strict.send('GET', '/api/run/', { as: null, headers })
      expect(answer.headers.get('location')).toBe(`${strict.url}/api/run`)
      expect(await lineOf('forged', file)).toMatchObject({ client: '127.0.0.1' })
    } finally {
      await strict.close()
    }
  })
})

it('LOG_FORMAT=gunicorn gives combined lines', async () => {
  const file = join(folder, 'combined.log')
  const combined = await startTestServer({ LOG_FORMAT: 'gunicorn', ACCESS_LOG: file })
  try {
    const headers = { 'x-request-id': 'r-1', 'user-agent': 'x "y"', 'x-forwarded-for': '203.0.113.7' }
    await combined.send('GET', '/api/health', { as: null, headers, query: [['a', 'hush']] })
    const text = await eventually(
      () => readFile(file, 'utf8'),
      (lines) => lines.includes(' r-1\n'),
    )
    expect(text).toMatch(
      /^203\.0\.113\.7 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} \+0000\] "GET \/api\/health HTTP\/1\.1" 200 \d+ "-" "x \\x22y\\x22" [\d.]+ r-1\n/,
    )
  } finally {
    await combined.close()
  }
})
