import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fail } from '../../src/errors.ts'
import { handlers } from '../../src/http/handlers.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

const ID = '00000000-0000-4000-8000-000000000001'
const PAGE = { page: 1, pageSize: 25, totalItems: 1, totalPages: 1 }

let server: TestServer
beforeAll(async () => {
  // Handlers that break the spec, each in its own way. Test files have modules of their own, so this touches no other test.
  Object.assign(handlers, {
    getHealth: async () => ({ status: 200, type: 'text/csv', body: 'a,b' }),
    getReadiness: async () => ({ status: 204 }),
    getDatabaseHealth: async () => ({ status: 200 }),
    getGroup: async () => ({ status: 200, body: { id: 'x', name: 'x', metadata: '5' } }),
    getGroupList: async () => ({
      status: 200,
      body: { groups: [{ id: 'x', name: 'x', metadata: '[]' }], pagination: PAGE },
    }),
    getCurrentUser: async () => ({ status: 200, type: 'application/json', body: 'not JSON' }),
    getResultList: () => Promise.reject(fail('database_away')),
    getRunList: async () => ({
      status: 200,
      pieces: ['{"runs": [{"id": 1}],', `"pagination": ${JSON.stringify(PAGE)}}`],
    }),
  })
  server = await startTestServer()
})
afterEach(() => server.violations.splice(0))
afterAll(() => server.close())

it.each([
  ['/api/health', 'getHealth /api/health answered 200: the spec has no text/csv here'],
  ['/api/health/ready', 'getReadiness /api/health/ready answered 204: the spec has no such status'],
  ['/api/health/database', 'getDatabaseHealth /api/health/database answered 200: the spec has a body here'],
  [`/api/group/${ID}`, 'getGroup /api/group/{id} answered 200: answer/metadata must be object'],
  ['/api/group', 'getGroupList /api/group answered 200: answer/groups/0/metadata must be object'],
  ['/api/user', 'getCurrentUser /api/user answered 200: it is not JSON'],
  ['/api/run', "getRunList /api/run answered 200: answer/runs/0 must have required property 'created'"],
])('an answer of %s that the spec does not allow becomes a 500 that says so', async (path, detail) => {
  const answer = await server.send('GET', path)
  expect([answer.status, answer.body.detail]).toEqual([500, expect.stringContaining(detail)])
  expect(server.violations).toEqual([expect.stringContaining(detail)])
})

it('a failure of our own is in no spec, and arrives as what it is', async () => {
  expect((await server.send('GET', '/api/result')).status).toBe(503)
  expect(server.violations).toEqual([])
})

it('fails a test file that has not even looked at the answer', async () => {
  const careless = await startTestServer()
  await careless.send('GET', '/api/health')
  await expect(careless.close()).rejects.toThrow('getHealth /api/health answered 200: the spec has no text/csv here')
})

describe('the tests of this folder', () => {
  const folders = ['test/integration', 'test/helpers', 'test/unit']
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
  const filesWith = (pattern: RegExp) => files.filter((file) => pattern.test(readFileSync(file, 'utf8')))

  it('serve operations with the check only', () => {
    const serving = filesWith(/from '.*src\/http\/(app|dispatcher)\.ts'/)
    expect(serving).toContain('test/helpers/server.ts')
    expect(
      serving.filter((file) => !filesWith(/VALIDATE_ANSWERS: ('true'|String\(!options\.unchecked\))/).includes(file)),
    ).toEqual([])
  })

  it('leave the check out where only the sending is looked at', () => {
    const allowed = ['test/integration/answer-check.test.ts', 'test/integration/pages/large-pages.test.ts']
    expect(filesWith(/unchecked: true/).toSorted()).toEqual(allowed)
  })
})
