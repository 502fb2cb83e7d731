import { afterAll, beforeAll, expect, it } from 'vitest'
import { handlers } from '../../src/http/handlers.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
beforeAll(async () => {
  // Handlers that break the spec, each in its own way. Test files have modules of their own, so this touches no other test.
  Object.assign(handlers, {
    getHealth: async () => ({ status: 200, type: 'text/csv', body: 'a,b' }),
    getReadiness: async () => ({ status: 204 }),
    support: async () => ({ status: 200, body: {} }),
    getCurrentUser: async () => ({ status: 200, body: { id: 'x', email: 'no address', is_active: 1 } }),
  })
  server = await startTestServer()
})
afterAll(() => server.close())

it.each([
  ['/api/health', 'getHealth /api/health answered 200: the spec has no text/csv here'],
  ['/api/health/ready', 'getReadiness /api/health/ready answered 204: the spec has no such status'],
  ['/api/login/support', 'support /api/login/support answered 200: it is not JSON'],
  ['/api/user', 'getCurrentUser /api/user answered 200: '],
])('an answer of %s that the spec does not allow becomes a 500 that says so', async (path, detail) => {
  const answer = await server.send('GET', path)
  expect([answer.status, answer.body.detail]).toEqual([500, expect.stringContaining(detail)])
})
