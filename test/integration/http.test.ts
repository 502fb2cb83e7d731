import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../../generated/operations.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

describe('pages about the interface', () => {
  it('sends / to the interface, and serves it with its parts', async () => {
    const root = await server.send('GET', '/', { as: null })
    expect([root.status, root.headers.get('location')]).toEqual([302, '/api/ui/'])
    const page = await server.send('GET', '/api/ui/', { as: null })
    expect([page.status, page.type]).toEqual([200, 'text/html'])
    for (const [, path] of page.text.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
      expect((await server.send('GET', `/api/ui/${path}`, { as: null })).status).toBe(200)
    }
    expect(page.text).not.toMatch(/https?:/)
    expect((await server.send('GET', '/api/ui', { as: null })).status).toBe(307)
  })

  it('serves the spec as JSON and YAML', async () => {
    const json = await server.send('GET', '/api/openapi.json', { as: null })
    expect(json.body.openapi).toMatch(/^3\.1/)
    const yaml = await server.send('GET', '/api/openapi.yaml', { as: null })
    expect([yaml.status, yaml.type]).toEqual([200, 'text/yaml'])
    expect(yaml.text).toMatch(/^openapi: "?3\.1/)
  })
})

describe('paths', () => {
  it.each([
    ['GET', '/api/nope', 404],
    ['GET', '/nope', 404],
    ['GET', '/api/Run', 404],
    ['DELETE', '/api/run', 405],
    ['OPTIONS', '/api/run', 405],
    ['GET', '/api/project/', 307],
    ['GET', '/api//project', 308],
  ])('%s %s is %i', async (method, path, status) => {
    expect((await server.send(method, path)).status).toBe(status)
  })

  it('names the methods that a path has, and keeps the query in redirects', async () => {
    const wrong = await server.send('DELETE', '/api/run')
    expect(wrong.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST'])
    const redirect = await server.send('GET', '/api/run/?page=2')
    expect(redirect.headers.get('location')).toBe(`${server.url}/api/run?page=2`)
  })

  it('answers HEAD wherever there is GET, without a body', async () => {
    const head = await server.send('HEAD', '/api/health', { as: null })
    expect([head.status, head.text]).toEqual([200, ''])
    expect(head.headers.get('content-length')).not.toBe('0')
    expect((await server.send('HEAD', '/api/run')).status).toBe(200)
  })
})

describe('CORS', () => {
  const origin = { origin: 'https://elsewhere.example' }

  it.each(['/api/health', '/api/nope', '/api/run', '/api/ui/', '/api/openapi.json'])('is on %s', async (path) => {
    const answer = await server.send('GET', path, { as: null, headers: origin })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('answers preflights', async () => {
    const preflight = (method: string) =>
      server.send('OPTIONS', '/api/run', {
        as: null,
        headers: {
          ...origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type',
        },
      })
    const good = await preflight('POST')
    expect([good.status, good.text]).toEqual([200, 'OK'])
    expect(good.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
    expect((await preflight('TRACE')).status).toBe(400)
  })
})

describe('tokens', () => {
  const withHeader = (authorization: string) =>
    server.send('GET', '/api/project', { as: null, headers: { authorization } })

  it.each(['Bearer', 'nonsense', 'Basic YTpi', 'Bearer nonsense', 'Bearer a b', 'Bearer a.b.c'])(
    'refuses "%s"',
    async (header) => {
      const answer = await withHeader(header)
      expect([answer.status, answer.type]).toEqual([401, 'application/problem+json'])
    },
  )

  it('reads the scheme in any case and with any blanks', async () => {
    expect((await withHeader(`bEaReR   ${await server.token('admin')}`)).status).toBe(200)
  })

  it('refuses a token whose signature was changed', async () => {
    const token = await server.token('admin')
    const [head, payload, signature = ''] = token.split('.')
    const forged = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
    expect((await withHeader(`Bearer ${head}.${payload}.${forged}`)).status).toBe(401)
  })

  it('are asked for by every operation that is not open', async () => {
    for (const { id, method, path, secured } of Object.values(operations)) {
      if (!secured) continue
      const answer = await server.send(method, path.replaceAll(/\{\w+\}/g, 'x'), { as: null })
      expect([id, answer.status, answer.type]).toEqual([id, 401, 'application/problem+json'])
    }
  })
})

describe('bodies', () => {
  const post = (body: string, headers: Record<string, string>) =>
    server.send('POST', '/api/group', { body: Buffer.from(body), headers })

  it.each([
    ['text/plain', 415],
    ['application/merge-patch+json', 415],
    ['application/json; charset=utf-8', 201],
    ['APPLICATION/JSON', 201],
  ])('of type %s are answered with %i', async (type, status) => {
    expect((await post('{"name":"g"}', { 'content-type': type })).status).toBe(status)
  })

  it('without a type are refused in the recorded words', async () => {
    const answer = await raw(
      `POST /api/group HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await server.token('admin')}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400/)
    expect(answer).toContain('"Bad Request JSON required"')
  })

  it('that never pollute a prototype', async () => {
    const answer = await post(
      '{"name":"g","metadata":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
      {
        'content-type': 'application/json',
      },
    )
    expect(answer.status).toBe(201)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('that end early cost only their own connection', async () => {
    const token = await server.token('admin')
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
        socket.write(
          `POST /api/group HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"na`,
        )
        socket.end()
      })
      socket.on('close', () => resolve())
      socket.resume()
    })
    expect((await server.send('GET', '/api/health')).status).toBe(200)
  })

  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = ''
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text))
      socket.on('data', (chunk) => {
        answer += chunk
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })
  }
})

describe('health', () => {
  it('answers all four', async () => {
    for (const path of ['/api/health', '/api/health/ready', '/api/health/database']) {
      const answer = await server.send('GET', path)
      expect([answer.status, answer.body.status]).toEqual([200, 'OK'])
    }
    expect((await server.send('GET', '/api/health/info')).body).toEqual({
      frontend: 'http://localhost:3000',
      backend: 'http://127.0.0.1:8080',
      api_ui: 'http://127.0.0.1:8080/api/ui/',
    })
  })
})

describe('request ids', () => {
  it('are made, or taken over where they look like one', async () => {
    const sent = await server.send('GET', '/api/health', { headers: { 'x-request-id': 'abc-123' } })
    expect(sent.headers.get('x-request-id')).toBe('abc-123')
    const made = await server.send('GET', '/api/health', { headers: { 'x-request-id': 'no good' } })
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})
