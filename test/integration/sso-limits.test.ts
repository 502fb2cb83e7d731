import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { type IdentityProviders, startIdentityProviders } from '../helpers/identity-providers.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let providers: IdentityProviders
let server: TestServer

beforeAll(async () => {
  providers = await startIdentityProviders()
  server = await startTestServer({ ...providers.settings, KEYCLOAK_BASE_URL: 'http://127.0.0.1:9' })
})
afterAll(async () => {
  await server?.close()
  await providers?.close()
})

/** Comes back from a provider, from a client's address. */
const comeBack = (provider: string, code: string, client: string, prefix = '/api') =>
  server.send('GET', `${prefix}/login/auth/${provider}`, {
    as: null,
    query: [
      ['code', code],
      ['state', 's'],
    ],
    headers: { 'x-forwarded-for': client },
  })
const google = async (person: string, client: string) => {
  providers.person = { email: `${person}@example.com`, name: person, verified: true }
  return comeBack('google', await providers.googleToken(), client)
}
const guess = (email: string, client: string) =>
  server.send('POST', '/api/login', {
    as: null,
    json: { email, password: 'no' },
    headers: { 'x-forwarded-for': client },
  })
const counted = async () => {
  const [row] = await runSql<{ sum: number }>(
    server.databaseUrl,
    'select coalesce(sum(count), 0)::integer as sum from attempt_counts',
  )
  return row?.sum
}

describe('logins at a provider (D22)', () => {
  it('that succeed are not counted, nor those at a provider that is down', async () => {
    for (let n = 0; n < 3; n++) expect((await google('ann', '192.0.2.1')).status).toBe(200)
    expect((await comeBack('keycloak', 'c', '192.0.2.1')).status).toBe(401)
    expect(await counted()).toBe(0)
  })

  it('are refused after 100 failures from one address, at both addresses of the return, like passwords', async () => {
    const client = '192.0.2.2'
    // Forged tokens, codes of logins that nobody began, and passwords count together.
    const failures = Array.from({ length: 99 }, (_, n) => () => {
      if (n % 3 === 0) return comeBack('google', 'no token', client)
      return n % 3 === 1 ? comeBack('github', 'c', client, '') : guess(`nobody-${n}@example.com`, client)
    })
    const seen = new Set<number>()
    for (let n = 0; n < failures.length; n += 20) {
      const answers = await Promise.all(failures.slice(n, n + 20).map((fail) => fail()))
      for (const { status } of answers) seen.add(status)
    }
    expect([...seen].sort()).toEqual([400, 401])
    expect((await comeBack('gitlab', 'c', client)).status).toBe(400)
    const refused = [
      await google('ann', client),
      await comeBack('github', 'c', client),
      await comeBack('gitlab', 'c', client, ''),
      await guess('admin@example.com', client),
    ]
    for (const { status, body, headers } of refused) {
      expect([status, body.code]).toEqual([429, 'LIMITED'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(800)
    }
    expect((await google('ann', '192.0.2.3')).status).toBe(200)
  })

  it('of one account are refused after 10 failures, from any address', async () => {
    await google('bob', '192.0.2.4')
    await runSql(server.databaseUrl, "update users set is_active = false where email = 'bob@example.com'")
    for (let n = 0; n < 10; n++) {
      const { status, body } = await google('bob', `198.51.100.${n}`)
      expect([status, body.code]).toEqual([401, 'INACTIVE'])
    }
    expect((await google('bob', '198.51.100.99')).status).toBe(429)
    await runSql(server.databaseUrl, `update attempt_counts set until = until - interval '15 minutes'`)
    expect((await google('bob', '198.51.100.99')).status).toBe(401)
  })

  it('stay possible for an account whose password somebody guesses', async () => {
    await server.addUser('cat')
    for (let n = 0; n < 11; n++) await guess('cat@example.com', `203.0.113.${n}`)
    expect((await guess('cat@example.com', '203.0.113.99')).status).toBe(429)
    expect((await google('cat', '203.0.113.99')).status).toBe(200)
  })
})
