import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

const SECRET = 'a secret for tests'
let server: TestServer
let uma: string

beforeAll(async () => {
  server = await startTestServer({ JWT_SECRET: SECRET })
  uma = await server.addUser('uma')
})
afterAll(() => server.close())

/** A token as Ibutsu made it; `exp` is text because 1.0 and 1 differ there. */
function ibutsuToken(exp: string, more: Record<string, string> = {}): string {
  const claims = { iss: '"org.ibutsu-project.server"', iat: '1700000000', sub: `"${uma}"`, ...more }
  const members = [...Object.entries(claims), ['exp', exp]].map(([name, value]) => `"${name}": ${value}`)
  const text = `${encode('{"alg": "HS256", "typ": "JWT"}')}.${encode(`{${members.join(', ')}}`)}`
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`
}
const encode = (text: string) => Buffer.from(text).toString('base64url')
const me = (token: string) =>
  server.send('GET', '/api/user', { as: null, headers: { authorization: `Bearer ${token}` } })
const in10Years = Math.floor(Date.now() / 1000) + 10 * 365 * 86_400

describe('tokens that Ibutsu issued', () => {
  it('with a whole exp are login tokens and stay valid', async () => {
    expect((await me(ibutsuToken(`${in10Years}`))).status).toBe(200)
  })

  it.each(['.0', '.5'])('with the fraction %s in exp are API tokens and need their row (D24)', async (fraction) => {
    const token = ibutsuToken(`${in10Years}${fraction}`)
    expect((await me(token)).status).toBe(401)
    await runSql(
      server.databaseUrl,
      `insert into tokens (id, name, token, user_id) values ('${randomUUID()}', 'old', '${token}', '${uma}')`,
    )
    expect((await me(token)).status).toBe(200)
  })

  it.each([
    ['expired', { exp: '1700000001' }, {}],
    ['of nobody', { exp: `${in10Years}` }, { sub: `"${randomUUID()}"` }],
    ['of no UUID', { exp: `${in10Years}` }, { sub: '"x"' }],
    ['from the future', { exp: `${in10Years}` }, { iat: `${in10Years - 1}` }],
  ])('%s are refused with 401', async (_what, { exp }, more: Record<string, string>) => {
    const answer = await me(ibutsuToken(exp, more))
    expect([answer.status, answer.type]).toEqual([401, 'application/problem+json'])
  })
})

describe('what ends a token', () => {
  it('deleting it does, at once (D2)', async () => {
    const made = await server.send('POST', '/api/user/token', {
      as: 'uma',
      json: { name: 'ci', expires: '2038-12-31' },
    })
    expect((await me(made.body.token)).status).toBe(200)
    await server.send('DELETE', `/api/user/token/${made.body.id}`, { as: 'uma' })
    expect((await me(made.body.token)).status).toBe(401)
  })

  it('a change that another process made does, within a second', async () => {
    await server.addUser('gone')
    const token = await server.token('gone')
    expect((await me(token)).status).toBe(200)
    await runSql(
      server.databaseUrl,
      `update users set is_active = false where email = 'gone@example.com'`,
      `select pg_notify('ibutsu_access', '')`,
    )
    const refused = await eventually(
      () => me(token),
      ({ status }) => status === 401,
      1_000,
    )
    expect(refused.status).toBe(401)
  })

  it('a password reset does, for login tokens; a second login does not (D24)', async () => {
    const login = async (password: string) =>
      (await server.send('POST', '/api/login', { as: null, json: { email: 'uma@example.com', password } })).body.token
    const [first, second] = [await login('pw-uma-secret'), await login('pw-uma-secret')]
    expect((await me(first)).status).toBe(200)
    expect((await me(second)).status).toBe(200)
    const api = await server.send('POST', '/api/user/token', { as: 'uma', json: { name: 'api', expires: null } })
    await server.send('POST', '/api/login/recover', { as: null, json: { email: 'uma@example.com' } })
    const [row] = await runSql<{ activation_code: string }>(
      server.databaseUrl,
      `select activation_code from users where id = '${uma}'`,
    )
    const reset = { activation_code: row?.activation_code, password: 'pw-new' }
    expect((await server.send('POST', '/api/login/reset-password', { as: null, json: reset })).status).toBe(201)
    expect((await me(first)).status).toBe(401)
    expect((await me(second)).status).toBe(401)
    expect((await me(api.body.token)).status).toBe(200)
    expect((await me(await login('pw-new'))).status).toBe(200)
  })
})
