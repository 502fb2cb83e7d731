import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { findLeak } from './helpers/leaks.ts'
import { sendRaw, statusesOf } from './helpers/raw-http.ts'

let server: TestServer
let token: string

beforeAll(async () => {
  server = await startTestServer()
  token = await server.token('admin')
})
afterAll(() => server.close())

const ask = (target: string, headers = '') =>
  sendRaw(
    server.url,
    `GET ${target} HTTP/1.1\r\nHost: ibutsu.test\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n${headers}\r\n`,
  )
const bodyOf = (raw: string) => raw.slice(raw.indexOf('\r\n\r\n') + 4)

describe('tricks with paths', () => {
  const outside = [
    '/api/ui/../../package.json',
    '/api/ui/..%2f..%2fpackage.json',
    '/api/ui/%2e%2e/%2e%2e/package.json',
    '/api/ui/..%5c..%5cpackage.json',
    '/api/ui/..\\..\\package.json',
    '/api/ui/%252e%252e%252fpackage.json',
    '/api/ui/%c0%ae%c0%ae/package.json',
    '/api/ui/....//....//etc/passwd',
    '/api/ui//etc/passwd',
    '/api/ui/%2fetc%2fpasswd',
    '/api/ui/swagger-ui.css%00.html',
    '/api/ui/swagger-ui.css/',
    '/api/ui/.git/config',
    '/api/ui/package.json%20',
    '/api/ui/%E0%80%AF',
    '/api/ui/%',
    '/api/ui/absolute-path.js/../../../package.json',
  ]
  it.each(outside)('reach no file but those of the pages: %s', async (target) => {
    const raw = await ask(target)
    const [status] = statusesOf(raw)
    expect([400, 403, 404, 307, 308]).toContain(status)
    expect(bodyOf(raw)).not.toMatch(/"dependencies"|root:|ibutsu-server/)
    expect(findLeak(bodyOf(raw))).toBeNull()
  })

  const odd = [
    '/api/run/%2e%2e/admin/user',
    '/api/run/..%2fadmin%2fuser',
    '/api/health%2f..%2fadmin%2fuser',
    '/api/health/..;/admin/user',
    '/api/%61dmin/user',
    '/api/admin%2fuser',
    '/API/admin/user',
    '/api/run/%00',
    '/api/run/%ff%fe',
    '/api/run/%',
    '/api/run/%zz',
    `/api/run/${'a'.repeat(30_000)}`,
    `/api/${'a/'.repeat(10_000)}b`,
    `/api/run?${'filter=a%3D1&'.repeat(4_000)}`,
    `/api/run?filter=${'%2C'.repeat(10_000)}`,
    '/api/run?filter=%00%ff%c0',
    '/api/run?__proto__[x]=1&constructor[prototype][x]=1&page[$gt]=1',
    '/api/run?page=1&page=2&pageSize=%2B3',
    '/api/run/toString',
    '/api/__proto__',
    '/api/constructor',
    '/api/widget/__proto__',
    '/api/widget/..%2f..%2fetc',
    '/api/login/config/__proto__',
    '/api/login/config/constructor',
    '/api/login/start/__proto__',
    '/api/login/auth/toString?code=1',
    `/api/login/activate/${'A'.repeat(20_000)}`,
    '/api/login/activate/%00',
    '/api/login/activate/..%2f..%2f',
    '/api/task/__proto__',
    '*',
    '/api/run#fragment',
  ]
  it.each(odd.map((target) => [target.slice(0, 80), target]))(
    'are answered without a 5xx: %s',
    async (_name, target) => {
      const raw = await ask(target)
      const [status = 0] = statusesOf(raw)
      expect(status).toBeGreaterThanOrEqual(200)
      expect(status).toBeLessThan(500)
      if (status >= 400) expect(findLeak(bodyOf(raw), [target])).toBeNull()
    },
  )

  it('an encoded slash never makes another operation of a path', async () => {
    for (const target of ['/api/admin%2fuser', '/api/run/..%2fadmin%2fuser', '/api/run/%2e%2e/admin/user']) {
      const stranger = await sendRaw(server.url, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect([401, 404]).toEqual(expect.arrayContaining(statusesOf(stranger)))
      expect(bodyOf(await ask(target))).not.toContain('admin@example.com')
    }
  })
})

describe('tricks with headers', () => {
  it('a request id that could break a line is replaced', async () => {
    for (const id of ['a b', 'x'.repeat(101), '<script>', 'a\tb', 'é', '"}{"level":60']) {
      const raw = await ask('/api/health', `X-Request-Id: ${id}\r\n`)
      expect(/^x-request-id: (.*)$/im.exec(raw)?.[1]).toMatch(/^[\da-f-]{36}\r?$/)
    }
  })

  it('nothing of an address gets into the head of an answer as a line of its own', async () => {
    for (const target of [
      '/api/health%0d%0aX-Evil:%201/',
      '//evil%0d%0aX-Evil:%201//x',
      '/api/login/activate/a%0d%0aX-Evil:%201',
      '/api/login/start/github%0d%0aX-Evil:1',
      '/api/run/?a=%0d%0aX-Evil:%201',
    ]) {
      const raw = await ask(target)
      expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/^x-evil/im)
    }
  })

  it('no header splits, folds or bare line feeds are taken', async () => {
    for (const headers of [
      'X-A: 1\nX-B: 2\r\n',
      'X-A: 1\r\n folded\r\n',
      'X A: 1\r\n',
      'X-A : 1\r\n',
      ': 1\r\n',
      'X-A: \0\r\n',
      '\r\n',
    ]) {
      const raw = await sendRaw(server.url, `GET /api/user HTTP/1.1\r\nHost: x\r\n${headers}Connection: close\r\n\r\n`)
      for (const status of statusesOf(raw)) expect([400, 401]).toContain(status)
    }
  })

  it('a preflight for headers of any kind gets no line of its own either', async () => {
    const raw = await sendRaw(
      server.url,
      'OPTIONS /api/run HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: a\xff, b\r\n\r\n',
    )
    expect([200, 400]).toEqual(expect.arrayContaining(statusesOf(raw)))
    expect(raw).not.toMatch(/access-control-allow-credentials/i)
  })

  it('methods that others tunnel are not followed', async () => {
    for (const headers of ['X-HTTP-Method-Override: DELETE\r\n', 'X-Method-Override: DELETE\r\n']) {
      expect(statusesOf(await ask('/api/health', headers))).toEqual([200])
    }
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'PURGE']) {
      const raw = await sendRaw(
        server.url,
        `${method} /api/run HTTP/1.1\r\nHost: x\r\nCookie: secret=1\r\nConnection: close\r\n\r\n`,
        2_000,
      )
      for (const status of statusesOf(raw)) expect([400, 404, 405]).toContain(status)
      expect(bodyOf(raw)).not.toContain('secret')
    }
  })
})

describe('addresses that the server makes', () => {
  const location = (raw: string) => /^location: (.*?)\r?$/im.exec(raw)?.[1] ?? ''

  it('stay on the host that was asked, whatever the path looks like', async () => {
    for (const target of [
      '//evil.example//x',
      '/\\evil.example/',
      '//evil.example/%2f..',
      '/.evil.example/',
      '/@evil.example/',
      '/api//evil.example',
      '////evil.example////',
    ]) {
      const to = location(await ask(target))
      expect([target, to === '' || new URL(to).host]).toEqual([target, to === '' || 'ibutsu.test'])
    }
  })

  it('never hold what is no host, nor anything of an untrusted proxy', async () => {
    for (const host of [
      'evil.example/x',
      'a@evil.example',
      'evil.example:99999x',
      '"><script>',
      'a b',
      'evil.example#',
      'evil.example?',
    ]) {
      expect(new URL(location(await ask('/api/run/', `X-Forwarded-Host: ${host}\r\n`))).host).toBe('ibutsu.test')
    }
    const strict = await startTestServer({ FORWARDED_ALLOW_IPS: '10.0.0.1' })
    try {
      const raw = await sendRaw(
        strict.url,
        'GET /api/run/ HTTP/1.1\r\nHost: ibutsu.test\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nForwarded: host=evil.example\r\nConnection: close\r\n\r\n',
      )
      expect(location(raw)).toBe('http://ibutsu.test/api/run')
    } finally {
      await strict.close()
    }
  })

  it('that depend on the Host header are kept by no cache', async () => {
    for (const target of ['/api//run', '/api/run/']) {
      expect((await ask(target)).match(/^cache-control: (.*?)\r?$/im)?.[1]).toBe('no-store')
    }
  })

  it('lead to the web pages of the settings after activation and login, not to where the query says', async () => {
    for (const query of [
      '',
      '?next=https://evil.example',
      '?redirect_uri=https://evil.example&frontend=https://evil.example',
    ]) {
      const code = Buffer.from('7a7d1c9e-4d0a-4a4e-9d5e-1f0f5f4f3f2f').toString('base64url')
      const raw = await ask(
        `/api/login/activate/${code}${query}`,
        'Referer: https://evil.example\r\nX-Forwarded-Host: evil.example\r\n',
      )
      expect(location(raw)).toMatch(/^http:\/\/localhost:3000\/login\?st=/)
    }
  })
})
