import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'
import { findLeak } from './helpers/leaks.ts'

let server: TestServer
/** A login provider that is not to be trusted, and a service of the inside that nobody outside may reach. */
let provider: Server
let inside: Server
let insideUrl: string
const reached: string[] = []
/** What the provider does at its token endpoint and with the question who it is. */
let onToken: (res: ServerResponse) => void
let onUser: (res: ServerResponse) => void

const json = (res: ServerResponse, body: unknown) =>
  res.writeHead(200, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body))
const grant = (res: ServerResponse, more: object = {}) =>
  json(res, { access_token: 'granted', token_type: 'Bearer', ...more })

async function listen(answer: (path: string, res: ServerResponse) => void): Promise<[Server, string]> {
  const opened = createServer((req, res) => {
    req.resume()
    answer(req.url ?? '', res)
  })
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve))
  return [opened, `http://127.0.0.1:${(opened.address() as AddressInfo).port}`]
}

beforeAll(async () => {
  let providerUrl: string
  ;[inside, insideUrl] = await listen((path, res) => {
    reached.push(path)
    res.end('{}')
  })
  ;[provider, providerUrl] = await listen((path, res) => (path.endsWith('/token') ? onToken(res) : onUser(res)))
  const settings = { KEYCLOAK_BASE_URL: providerUrl, KEYCLOAK_REALM: 'r', KEYCLOAK_CLIENT_ID: 'c' }
  server = await startTestServer({ ...settings, FRONTEND_URL: 'https://pages.example.com' }, undefined, { jobs: true })
})
afterAll(async () => {
  await server.close()
  for (const one of [provider, inside]) {
    one.close()
    one.closeAllConnections()
  }
})

let clients = 0
const logIn = (query: readonly (readonly [string, string])[] = [['code', 'x']]) =>
  server.send('GET', '/api/login/auth/keycloak', {
    as: null,
    query,
    headers: { 'x-forwarded-for': `192.0.2.${clients++ % 250}` },
  })
const superadmins = async () =>
  (await server.ctx.db.query<{ email: string }>({ text: 'select email from users where is_superadmin' })).rows

const bomb = gzipSync(Buffer.alloc(150_000_000, 0x20))
const unpacked = (res: ServerResponse) =>
  res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb)
const moved = (res: ServerResponse, status = 307) => res.writeHead(status, { location: `${insideUrl}/moved` }).end()
const deep = `${'['.repeat(300_000)}${']'.repeat(300_000)}`

const tokenAnswers: Readonly<Record<string, (res: ServerResponse) => void>> = {
  'a page': (res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  nothing: (res) => res.writeHead(200).end(),
  'a failure': (res) => res.writeHead(500).end('secret of the provider'),
  'an error with markup': (res) =>
    res
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"error":"<script>","error_description":"\\u0000"}'),
  'a redirect to the inside': (res) => moved(res),
  'a redirect that keeps the method': (res) => moved(res, 308),
  'a redirect that asks anew': (res) => moved(res, 303),
  'no end of it': (res) => json(res, `{"a":"${'x'.repeat(2_000_000)}"}`),
  'a bomb': unpacked,
  'a deep list': (res) => json(res, deep),
  'a token that is a list': (res) => grant(res, { access_token: ['a'] }),
  'a token with a header in it': (res) => grant(res, { access_token: 'a\r\nX-Evil: 1' }),
  'a token of odd letters': (res) => grant(res, { access_token: '\u{1F600}\0' }),
  'another kind of token': (res) => grant(res, { token_type: 'mac' }),
  'an ID token of nobody': (res) => grant(res, { id_token: 'eyJhbGciOiJub25lIn0.e30.' }),
  'an ID token that is none': (res) => grant(res, { id_token: '__proto__' }),
  'a broken line': (res) => res.destroy(),
}
const nobody = { email: 'x@example.com', email_verified: true }
const userAnswers: Readonly<Record<string, (res: ServerResponse) => void>> = {
  'a page': (res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  'a list': (res) => json(res, [nobody]),
  null: (res) => json(res, 'null'),
  'a redirect to the inside': (res) => moved(res, 302),
  'no end of it': (res) => json(res, `{"a":"${'x'.repeat(2_000_000)}"}`),
  'a bomb': unpacked,
  'a deep list': (res) => json(res, deep),
  'an address that is a list': (res) => json(res, { ...nobody, email: ['admin@example.com'] }),
  'an address that is an object': (res) => json(res, { ...nobody, email: { toString: 1 } }),
  'an address that is not verified': (res) =>
    json(res, { ...nobody, email: 'admin@example.com', email_verified: false }),
  'an address that is verified in words': (res) =>
    json(res, { ...nobody, email: 'admin@example.com', email_verified: 'true' }),
  'a prototype with an address': (res) =>
    json(res, '{"__proto__": {"email": "admin@example.com", "email_verified": true}}'),
  'a very long address': (res) => json(res, { ...nobody, email: `${'x'.repeat(900_000)}@example.com` }),
  'an address with NUL': (res) => json(res, { ...nobody, email: 'a\0@example.com' }),
  'half a letter': (res) => json(res, { ...nobody, email: '\ud800@example.com' }),
}

describe('what a provider of logins answers lets nobody in and breaks nothing', () => {
  it('but a good answer does (else nothing below proves anything)', async () => {
    onToken = grant
    onUser = (res) => json(res, { ...nobody, email: 'good@example.com', is_superadmin: true, name: { first: 'x' } })
    const answer = await logIn()
    expect(answer.status).toBe(302)
    expect(await superadmins()).toEqual([{ email: 'admin@example.com' }])
  })

  it.each(Object.entries(tokenAnswers))('for a code: %s', async (_name, answer) => {
    onToken = answer
    onUser = (res) => json(res, nobody)
    const { status, text } = await logIn()
    expect([status, findLeak(text), text.includes('secret of')]).toEqual([401, null, false])
  })

  it.each(Object.entries(userAnswers))('for who it is: %s', async (_name, answer) => {
    onToken = grant
    onUser = answer
    const { status, text } = await logIn()
    expect([[400, 401].includes(status) ? 'refused' : status, findLeak(text)]).toEqual(['refused', null])
  })

  it('an address in other letters is another account, not the superadmin’s', async () => {
    onToken = grant
    for (const email of ['ADMIN@example.com', 'admin@example.com ', 'admin@EXAMPLE.com', 'admın@example.com']) {
      onUser = (res) => json(res, { ...nobody, email })
      const { headers, status } = await logIn()
      if (status !== 302) continue
      const token = new URL(headers.get('location') ?? '').searchParams.get('token')
      const me = await server.send('GET', '/api/user', { as: null, headers: { authorization: `Bearer ${token}` } })
      expect([email, me.body.is_superadmin]).toEqual([email, false])
    }
  })

  it('a name with markup and lines stays a part of one address', async () => {
    onToken = grant
    onUser = (res) => json(res, { ...nobody, name: '"><script>\r\nSet-Cookie: a=b&token=evil' })
    const { headers, status } = await logIn([
      ['code', 'x'],
      ['redirect', 'https://evil.example'],
      ['next', '//evil.example'],
      ['redirect_uri', 'https://evil.example'],
    ])
    const location = new URL(headers.get('location') ?? '')
    expect([status, location.origin, location.searchParams.getAll('token').length]).toEqual([
      302,
      'https://pages.example.com',
      1,
    ])
    expect(headers.get('set-cookie')).toBeNull()
  })
})

describe('what users send makes the server ask nobody', () => {
  it('wherever an address stands in it', async () => {
    const url = `${insideUrl}/fetched`
    const project = await server.addProject('addresses')
    const post = (path: string, body: object) => server.send('POST', path, { json: body })
    const notes = { project, source: url, url, jenkins: { build_url: url, job_name: url, build_number: 1 }, $ref: url }
    const run = (await post('/api/run', { metadata: notes, source: url })).body.id
    const result = (await post('/api/result', { metadata: { ...notes, run }, source: url, test_id: url })).body.id
    const forms: [string, Record<string, string>, string, string][] = [
      ['/api/artifact', { resultId: result, filename: url, additionalMetadata: JSON.stringify(notes) }, 'file', url],
      [
        '/api/import',
        { project, metadata: JSON.stringify(notes), source: url },
        'importFile',
        `<?xml version="1.0"?><!DOCTYPE t SYSTEM "${url}.dtd" [<!ENTITY x SYSTEM "${url}"><!ENTITY % p SYSTEM "${url}"> %p;]>
        <?xml-stylesheet href="${url}"?><testsuites xmlns:xi="http://www.w3.org/2001/XInclude"
        xsi:schemaLocation="${url} ${url}"><testsuite name="s"><xi:include href="${url}"/><testcase name="t" file="${url}">
        <failure>&x;</failure></testcase></testsuite></testsuites>`,
      ],
    ]
    const imports: string[] = []
    for (const [path, fields, file, content] of forms) {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.append(name, value)
      body.append(file, new Blob([content], { type: url }), file === 'importFile' ? 'a.xml' : url)
      const answer = await server.send('POST', path, { body })
      expect([path, answer.status]).toEqual([path, 201])
      if (file === 'importFile') imports.push(answer.body.id)
    }
    await post('/api/project', { name: url, title: url })
    await post('/api/widget-config', {
      widget: 'jenkins-heatmap',
      project_id: project,
      params: { url, builds: 3 },
      title: url,
    })
    await post('/api/dashboard', { title: url, description: url, filters: url, project_id: project })
    for (const path of ['/api/widget/jenkins-job-view', '/api/widget/jenkins-heatmap', '/api/widget/run-aggregator']) {
      await server.send('GET', path, {
        query: [
          ['job_name', url],
          ['builds', '3'],
          ['group_field', 'source'],
          ['project', project],
        ],
      })
    }
    for (const header of ['x-forwarded-host', 'forwarded', 'referer', 'origin', 'x-original-url', 'x-callback-url']) {
      await server.send('GET', '/api/user', { headers: { [header]: url } })
    }
    const ended = await eventually(
      async () => (await server.send('GET', `/api/import/${imports[0]}`)).body.status,
      (status) => status === 'done' || status === 'error',
      10_000,
    )
    expect(['done', 'error']).toContain(ended)
    expect(reached).toEqual([])
  })
})
