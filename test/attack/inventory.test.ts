import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operationIds, operations } from '../../generated/operations.ts'
import { createApp } from '../../src/http/app.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { sendRaw, statusesOf } from './helpers/raw-http.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** Everything that is served beside the operations of the spec; README.md and docs name each. */
const PAGES = ['/', '/api/ui', '/api/ui/', '/api/ui/swagger-initializer.js', '/api/openapi.json', '/api/openapi.yaml']
const BOARD = '/admin/queues'

interface Layer {
  readonly name: string
  readonly route?: unknown
}

describe('what is served is what is written down', () => {
  it('the application has no route of its own beside pages, the queue board and the operations', async () => {
    const app = await createApp(server.ctx)
    const layers = (app as unknown as { router: { stack: Layer[] } }).router.stack
    // Middlewares in the order of app.ts; a route by hand would be a layer with a route, or one more.
    expect(layers.filter(({ route }) => route)).toEqual([])
    expect(layers).toHaveLength(8 + (server.ctx.jobs.hasQueue ? 1 : 0))
  })

  it('no file of the program adds a path to Express but those of the pages', async () => {
    const found: string[] = []
    const root = new URL('../../src/', import.meta.url)
    for (const name of await readdir(root, { recursive: true })) {
      if (!name.endsWith('.ts')) continue
      const text = await readFile(new URL(name, root), 'utf8')
      if (!/from 'express'|express\.Router/.test(text)) continue
      for (const [, path = ''] of text.matchAll(
        /\.(?:get|post|put|patch|delete|all|use|route)\(\s*(['"`][^'"`]*['"`]|[A-Z_]+)\s*,/g,
      )) {
        found.push(path.replaceAll("'", ''))
      }
    }
    expect([...new Set(found)].sort()).toEqual([...PAGES, 'BOARD_PATH'].sort())
  })

  it('every operation of the spec is there, and under no other method', async () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
    const byPath = Map.groupBy(operationIds, (id) => operations[id].path)
    for (const [path, ids] of byPath) {
      const target = path.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')
      const known = ids.map((id) => operations[id].method)
      for (const method of methods) {
        const { status } = await server.send(method, target, { as: null })
        expect([method, target, status === 405]).toEqual([method, target, !known.includes(method)])
      }
    }
  })

  it.each([
    '/metrics',
    '/api/metrics',
    '/debug',
    '/debug/pprof/',
    '/json/version',
    '/json/list',
    '/status',
    '/server-status',
    '/healthz',
    '/actuator/env',
    '/admin',
    '/admin/',
    BOARD,
    `${BOARD}/api/queues`,
    '/api/admin',
    '/api/v1/run',
    '/v1/run',
    '/run',
    '/graphql',
    '/swagger.json',
    '/api/swagger.json',
    '/openapi.json',
    '/api/ui/index.html',
    '/.env',
    '/.git/HEAD',
    '/package.json',
    '/api/ui/package.json',
    '/api/ui/index.js',
    '/api/ui/absolute-path.js',
    '/node_modules/express/package.json',
    '/src/main.ts',
    '/data/postgres/PG_VERSION',
    '/api/login/start',
    '/api/user/token/',
    '/api/test',
    '/__test/pid',
    '/api/openapi.json.bak',
  ])('nothing is hidden at %s', async (path) => {
    const { status, text } = await server.send('GET', path, { as: 'admin' })
    // A slash at the end is sent to the path without it.
    expect([path, [307, 308, 404, 405].includes(status) || path]).toEqual([path, true])
    expect(text).not.toMatch(/"dependencies"|module\.exports|DB_|SECRET/)
  })
})

describe('browsers of other sites', () => {
  it('may read answers, but never with what a browser adds by itself', async () => {
    for (const origin of ['https://evil.example', 'null', 'file://', 'https://localhost']) {
      for (const path of ['/api/health', '/api/user', '/api/nothing', '/api/openapi.json']) {
        const { headers } = await server.send('GET', path, { headers: { origin, cookie: 'a=b' } })
        expect([
          path,
          headers.get('access-control-allow-origin'),
          headers.get('access-control-allow-credentials'),
        ]).toEqual([path, '*', null])
      }
    }
  })

  it.each(['TRACE', 'CONNECT', 'PROPFIND', 'TRACK', 'DEBUG', 'LINK'])('get nothing back by %s', async (method) => {
    const raw = await sendRaw(
      server.url,
      `${method} /api/user HTTP/1.1\r\nHost: x\r\nX-Secret: echoed\r\nConnection: close\r\n\r\n`,
      2_000,
    )
    for (const status of statusesOf(raw)) expect([400, 404, 405]).toContain(status)
    expect(raw).not.toContain('echoed')
  })

  it('get no upgrade of a connection', async () => {
    const raw = await sendRaw(
      server.url,
      'GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n',
      1_000,
    )
    expect(statusesOf(raw)).not.toContain(101)
  })
})
