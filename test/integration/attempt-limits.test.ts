import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  for (const name of ['ann', 'bob', 'cat']) await server.addUser(name)
})
afterAll(() => server.close())

const post = (path: string, json: object, client: string) =>
  server.send('POST', `/api/login${path}`, { as: null, json, headers: { 'x-forwarded-for': client } })
const logIn = (email: string, password: string, client = '192.0.2.1') => post('', { email, password }, client)
const statuses = async (answers: Promise<{ status: number }>[]) =>
  (await Promise.all(answers)).map(({ status }) => status)

describe('logins (D22)', () => {
  it('are refused after 10 failures of one account, from any address and also with the right password', async () => {
    const wrong = Array.from({ length: 12 }, (_, n) => logIn('ann@example.com', 'no', `192.0.2.${n}`))
    const seen = await statuses(wrong)
    expect([seen.filter((status) => status === 401).length, seen.filter((status) => status === 429).length]).toEqual([
      10, 2,
    ])
    const refused = await logIn('ANN@example.com', 'pw-ann-secret')
    expect([refused.status, refused.body.code]).toEqual([429, 'LIMITED'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800)
    expect((await logIn('bob@example.com', 'pw-bob-secret')).status).toBe(200)
  })

  it('that succeed are not counted', async () => {
    for (let n = 0; n < 15; n++)
      expect((await logIn('bob@example.com', 'pw-bob-secret', '198.51.100.1')).status).toBe(200)
  })

  it('are refused after 100 failures from one address, whatever the accounts', async () => {
    const client = '203.0.113.7'
    for (let n = 0; n < 100; n += 20) {
      const batch = Array.from({ length: 20 }, (_, i) => logIn(`nobody-${n + i}@example.com`, 'no', client))
      expect(new Set(await statuses(batch))).toEqual(new Set([401]))
    }
    expect((await logIn('cat@example.com', 'pw-cat-secret', client)).status).toBe(429)
    expect((await logIn('cat@example.com', 'pw-cat-secret', '203.0.113.8')).status).toBe(200)
    // Only the last entry is a proxy's; what a client writes before it changes nothing.
    expect((await logIn('cat@example.com', 'pw-cat-secret', `203.0.113.9, ${client}`)).status).toBe(429)
  })

  it('are counted for a whole IPv6 network, which one client has to itself', async () => {
    const spellings = (n: number) => [`2001:db8:7:8::${n.toString(16)}`, `2001:0DB8:7:8:ffff:0:${n}:1`][n % 2] ?? ''
    for (let n = 0; n < 100; n += 20) {
      const batch = Array.from({ length: 20 }, (_, i) => logIn(`no-${n + i}@example.com`, 'no', spellings(n + i)))
      expect(new Set(await statuses(batch))).toEqual(new Set([401]))
    }
    expect((await logIn('cat@example.com', 'pw-cat-secret', '2001:db8:7:8:1:2:3:4')).status).toBe(429)
    expect((await logIn('cat@example.com', 'pw-cat-secret', '2001:db8:7:9::1')).status).toBe(200)
  })

  it('are allowed again when the window is over', async () => {
    await runSql(server.databaseUrl, `update attempt_counts set until = until - interval '15 minutes'`)
    expect((await logIn('ann@example.com', 'pw-ann-secret')).status).toBe(200)
  })
})

it.each([
  ['/recover', { email: 'cat@example.com' }, 201],
  ['/register', { email: 'new@example.com', password: 'x' }, 400],
])('%s is limited as well', async (path, json, usual) => {
  for (let n = 0; n < 10; n++) {
    const { status } = await post(path, json, '192.0.2.99')
    expect([status, n]).toEqual([n === 0 ? 201 : usual, n])
  }
  expect((await post(path, json, '192.0.2.99')).status).toBe(429)
})

it('limits keep no name', async () => {
  const rows = await runSql<{ text: string }>(server.databaseUrl, 'select a::text as text from attempt_counts a')
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.map(({ text }) => text).join()).not.toContain('example')
})
