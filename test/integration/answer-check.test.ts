import { afterAll, beforeAll, expect, it } from 'vitest'
import { handlers } from '../../src/http/handlers.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

const ID = '00000000-0000-4000-8000-000000000001'

let server: TestServer
beforeAll(async () => {
  // Handlers that break the spec, each in its own way. Test files have modules of their own, so this touches no other test.
  Object.assign(handlers, {
    getHealth: async () => ({ status: 200, type: 'text/csv', body: 'a,b' }),
    getReadiness: async () => ({ status: 204 }),
    getGroup: async () => ({ status: 200, body: { id: 'x', name: 'x', metadata: '5' } }),
    getCurrentUser: async () => ({ status: 200, type: 'application/json', body: 'not JSON' }),
  })
  server = await startTestServer()
})
afterAll(() => server.close())

it.each([
  ['/api/health', 'getHealth /api/health answered 200: the spec has no text/csv here'],
  ['/api/health/ready', 'getReadiness /api/health/ready answered 204: the spec has no such status'],
  [`/api/group/${ID}`, 'getGroup /api/group/{id} answered 200: data/metadata must be object'],
  ['/api/user', 'getCurrentUser /api/user answered 200: it is not JSON'],
])('an answer of %s that the spec does not allow becomes a 500 that says so', async (path, detail) => {
  const answer = await server.send('GET', path)
  expect([answer.status, answer.body.detail]).toEqual([500, expect.stringContaining(detail)])
})
