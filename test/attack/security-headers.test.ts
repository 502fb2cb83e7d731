import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestAnswer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let artifact: string

beforeAll(async () => {
  server = await startTestServer({ USER_LOGIN_ENABLED: 'true' })
  const project = await server.addProject('headers')
  const result = (await server.send('POST', '/api/result', { json: { metadata: { project } } })).body.id
  const body = new FormData()
  body.append('resultId', result)
  body.append('filename', 'a.html')
  body.append('file', new Blob(['<script>alert(1)</script>']), 'a.html')
  artifact = (await server.send('POST', '/api/artifact', { body })).body.id
})
afterAll(() => server.close())

const headersOf = ({ headers }: TestAnswer) => ({
  sniff: headers.get('x-content-type-options'),
  referrer: headers.get('referrer-policy'),
  policy: headers.get('content-security-policy'),
  cache: headers.get('cache-control'),
  powered: headers.get('x-powered-by'),
  server: headers.get('server'),
})
const usual = {
  sniff: 'nosniff',
  referrer: 'no-referrer',
  policy: "default-src 'none'; frame-ancestors 'none'",
  cache: 'no-store',
  powered: null,
  server: null,
}

describe('every answer says that it is no page, is not cached and tells no address on', () => {
  it.each([
    ['an answer', 'GET', '/api/user', 200],
    ['a list', 'GET', '/api/run', 200],
    ['a login that fails', 'POST', '/api/login', 415],
    ['a path that is not there', 'GET', '/api/nothing', 404],
    ['a method that is not there', 'DELETE', '/api/run', 405],
    ['an id that is none', 'GET', '/api/run/x', 400],
    ['a run that is not there', 'GET', '/api/run/00000000-0000-4000-8000-000000000000', 404],
    ['a redirect of a doubled slash', 'GET', '/api//run', 308],
    ['a redirect of a slash at the end', 'GET', '/api/run/', 307],
    ['a redirect to a web page', 'GET', '/api/login/activate/AAAA', 302],
    ['the way to the pages', 'GET', '/', 302],
    ['the spec', 'GET', '/api/openapi.json', 200],
    ['the spec in YAML', 'GET', '/api/openapi.yaml', 200],
    ['the health', 'GET', '/api/health', 200],
    ['a preflight', 'OPTIONS', '/api/run', 405],
    ['a path outside', 'GET', '/wp-login.php', 404],
    ['a head', 'HEAD', '/api/user', 200],
  ])('%s', async (_name, method, path, status) => {
    const answer = await server.send(method, path, { body: method === 'POST' ? 'x' : undefined })
    expect([answer.status, headersOf(answer)]).toEqual([status, usual])
  })

  it('so do the answers without a token, and those with one', async () => {
    const refused = await server.send('GET', '/api/user', { as: null })
    expect([refused.status, headersOf(refused)]).toEqual([401, usual])
    const json = { email: 'admin@example.com', password: 'admin12345' }
    const login = await server.send('POST', '/api/login', { as: null, json })
    expect([login.status, headersOf(login)]).toEqual([200, usual])
  })

  it('an error that nobody expected', async () => {
    const { db } = server.ctx
    await db.query({ text: 'alter table groups rename to hidden' })
    try {
      const answer = await server.send('GET', '/api/group')
      expect([answer.status, headersOf(answer)]).toEqual([500, usual])
      expect(answer.text).not.toMatch(/groups|relation/)
    } finally {
      await db.query({ text: 'alter table hidden rename to groups' })
    }
  })
})

describe('what may hold anything', () => {
  it.each(['view', 'download'])('an artifact’s %s runs nothing', async (way) => {
    const answer = await server.send('GET', `/api/artifact/${artifact}/${way}`)
    expect([answer.status, headersOf(answer)]).toEqual([200, { ...usual, policy: 'sandbox' }])
  })
})

describe('the pages about the interface', () => {
  it.each([
    '/api/ui/',
    '/api/ui/swagger-ui.css',
    '/api/ui/swagger-ui-bundle.js',
    '/api/ui/swagger-initializer.js',
    '/api/ui/oauth2-redirect.html',
  ])('run their own scripts only: %s', async (path) => {
    const answer = await server.send('GET', path)
    const { policy, ...others } = headersOf(answer)
    expect(answer.status).toBe(200)
    expect(others).toEqual({ ...usual, policy: undefined, cache: expect.stringMatching(/no-store|max-age=0|no-cache/) })
    const directives = Object.fromEntries((policy ?? '').split('; ').map((one) => [one.split(' ')[0], one]))
    expect(directives).toMatchObject({
      'default-src': "default-src 'none'",
      'script-src': "script-src 'self'",
      'connect-src': "connect-src 'self'",
      'frame-ancestors': "frame-ancestors 'none'",
      'base-uri': "base-uri 'none'",
    })
  })

  it('take no settings from the query, such as the address of another spec', async () => {
    const initializer = await server.send('GET', '/api/ui/swagger-initializer.js')
    expect(initializer.text).not.toMatch(/queryConfigEnabled|configUrl|location/)
    const evil = [['url', 'https://evil.example/spec.json']] as const
    const plain = await server.send('GET', '/api/ui/')
    const asked = await server.send('GET', '/api/ui/', { query: evil })
    expect(asked.text).toBe(plain.text)
    // No inline script, which the policy would stop.
    expect(plain.text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|javascript:/i)
  })
})
