import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { beginMeanwhile } from '../helpers/meanwhile.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

const INVALID = { code: 'INVALID', message: 'Username and/or password are invalid' }
const DISABLED = {
  code: 'INVALID',
  message: 'Username/password auth is disabled. Please login via one of the links below.',
}
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ FRONTEND_URL: 'https://pages.example.com' })
})
afterAll(() => server.close())

const post = (path: string, json: object) => server.send('POST', `/api/login${path}`, { as: null, json })
const logIn = (name: string, password: string) => post('', { email: `${name}@example.com`, password })
const me = (token: string) =>
  server.send('GET', '/api/user', { as: null, headers: { authorization: `Bearer ${token}` } })
const activate = (code: string) => server.send('GET', `/api/login/activate/${code}`, { as: null })
async function codeOf(name: string): Promise<string | null> {
  const rows = await runSql<{ activation_code: string | null }>(
    server.databaseUrl,
    `select activation_code from users where email = '${name}@example.com'`,
  )
  return rows[0]?.activation_code ?? null
}
const rowsOf = (userId: string) =>
  runSql<{ token: string; expires: string | null }>(
    server.databaseUrl,
    `select token, expires from tokens where name = 'login-token' and user_id = '${userId}' order by expires nulls first`,
  )

describe('POST /login', () => {
  it('gives a token of whole seconds that says what it is, and keeps the newest in one row', async () => {
    const id = await server.addUser('lou')
    const first = await logIn('lou', 'pw-lou-secret')
    expect([first.status, first.body.name, first.body.email]).toEqual([200, 'lou', 'lou@example.com'])
    const claims = decodeJwt(first.body.token)
    expect(claims).toMatchObject({ iss: 'org.ibutsu-project.server', sub: id, use: 'login' })
    expect(claims.exp).toBe((claims.iat ?? 0) + 2_592_000)
    const later = await logIn('lou', 'pw-lou-secret')
    expect((await me(first.body.token)).status).toBe(200)
    expect((await rowsOf(id)).map(({ token }) => token)).toEqual([later.body.token])
  })

  it('makes one row also when another device logs in for the first time meanwhile', async () => {
    const id = await server.addUser('luis')
    const other = await beginMeanwhile(server.databaseUrl, `select from users where id = '${id}' for no key update`)
    const login = logIn('luis', 'pw-luis-secret')
    await other.untilOneWaits()
    await other.commit(
      `insert into tokens (id, name, token, user_id) values ('${randomUUID()}', 'login-token', 'other', '${id}')`,
    )
    const { body } = await login
    expect(await rowsOf(id)).toEqual([{ token: body.token, expires: null }])
  })

  it('bears two rows in an adopted database, and leaves the API token alone (D42)', async () => {
    const id = await server.addUser('lena')
    await runSql(
      server.databaseUrl,
      `insert into tokens (id, name, token, expires, user_id) values
        ('${randomUUID()}', 'login-token', 'old', null, '${id}'),
        ('${randomUUID()}', 'login-token', 'api', '2038-01-01', '${id}')`,
    )
    const { status, body } = await logIn('lena', 'pw-lena-secret')
    expect(status).toBe(200)
    expect((await rowsOf(id)).map(({ token }) => token)).toEqual([body.token, 'api'])
  })

  it('refuses what is empty, wrong, unknown, too long or without a usable hash', async () => {
    await server.addUser('lars')
    expect((await logIn('lars', '')).body).toEqual({ code: 'EMPTY', message: 'Username and/or password are empty' })
    for (const answer of [
      await logIn('lars', 'no'),
      await logIn('nobody', 'no'),
      await logIn('LARS', 'pw-lars-secret'),
      await logIn('lars', 'p'.repeat(80)),
    ]) {
      expect([answer.status, answer.body]).toEqual([401, INVALID])
    }
    for (const hash of ['null', "'108233'", "''"]) {
      await runSql(server.databaseUrl, `update users set _password = ${hash} where email = 'lars@example.com'`)
      const answer = await logIn('lars', '108233')
      expect([answer.status, answer.body]).toEqual([401, INVALID])
    }
  })

  it('tells an inactive account so only when its password is right', async () => {
    await post('/register', { email: 'leo@example.com', password: 'pw-leo' })
    expect((await logIn('leo', 'pw-leo')).body.code).toBe('INACTIVE')
    expect((await logIn('leo', 'no')).body).toEqual(INVALID)
  })

  it('lets superadmins in alone when password logins are off', async () => {
    const off = await startTestServer({ USER_LOGIN_ENABLED: 'false' })
    try {
      await off.addUser('lea')
      const attempt = (email: string, password: string) =>
        off.send('POST', '/api/login', { as: null, json: { email, password } })
      expect((await attempt('admin@example.com', 'admin12345')).status).toBe(200)
      for (const [email, password] of [
        ['lea@example.com', 'pw-lea-secret'],
        ['lea@example.com', 'no'],
        ['nobody@example.com', 'no'],
        ['admin@example.com', 'no'],
      ] as const) {
        expect((await attempt(email, password)).body).toEqual(DISABLED)
      }
    } finally {
      await off.close()
    }
  })
})

describe('registration', () => {
  it('makes an account that its link activates, once', async () => {
    const made = await post('/register', { email: 'rita@example.com', password: 'pw-rita', is_superadmin: true })
    expect([made.status, made.body]).toEqual([201, {}])
    const code = (await codeOf('rita')) ?? ''
    const followed = await activate(code)
    expect([followed.status, followed.type, followed.headers.get('location')]).toEqual([
      302,
      'text/html',
      'https://pages.example.com/login?st=success&msg=Account+activated,+please+log+in.',
    ])
    const { body } = await logIn('rita', 'pw-rita')
    expect(body.name).toBeNull()
    expect((await me(body.token)).body).toMatchObject({ is_superadmin: false, is_active: true })
    expect((await activate(code)).headers.get('location')).toBe(
      'https://pages.example.com/login?st=error&msg=Invalid+activation+code,+please+check+the+link+in+your+email.',
    )
  })

  it('refuses taken addresses and passwords that cannot be stored', async () => {
    const register = (password: string) => post('/register', { email: 'admin@example.com', password })
    const taken = await register('x')
    expect([taken.status, taken.body]).toEqual([400, 'The user with email admin@example.com already exists'])
    expect([(await register('')).status, (await register('')).body.code]).toEqual([401, 'EMPTY'])
    const long = await register('é'.repeat(37))
    expect([long.status, long.body.message]).toEqual([400, 'Password is too long (max 72 bytes)'])
  })

  it('leaves an address to somebody who took it meanwhile', async () => {
    const other = await beginMeanwhile(
      server.databaseUrl,
      `insert into users (id, email, is_superadmin, is_active) values ('${randomUUID()}', 'rob@example.com', false, false)`,
    )
    const register = post('/register', { email: 'rob@example.com', password: 'pw-rob' })
    await other.untilOneWaits()
    await other.commit()
    expect([(await register).status, (await register).body]).toEqual([
      400,
      'The user with email rob@example.com already exists',
    ])
  })

  it('refuses a code that no mail can have held', async () => {
    const answer = await activate('abcde')
    expect([answer.status, answer.body]).toEqual([400, 'Activation code abcde is not valid'])
  })
})

describe('recovery', () => {
  const reset = (code: string | null, password: string) =>
    post('/reset-password', { activation_code: code ?? '', password })

  it('sets a password by a code that works once, and ends every login but no API token (D19, D24)', async () => {
    await server.addUser('rose')
    const api = await server.send('POST', '/api/user/token', { as: 'rose', json: { name: 'ci', expires: null } })
    const before = await server.token('rose')
    expect((await me(before)).status).toBe(200)
    expect((await post('/recover', { email: 'rose@example.com' })).status).toBe(201)
    const code = await codeOf('rose')
    expect((await reset(code, 'pw-rose-new')).status).toBe(201)
    expect([(await me(before)).status, (await me(api.body.token)).status]).toEqual([401, 200])
    expect((await logIn('rose', 'pw-rose-secret')).body).toEqual(INVALID)
    const again = await logIn('rose', 'pw-rose-new')
    expect((await me(again.body.token)).status).toBe(200)
    const twice = await reset(code, 'pw-again')
    expect([twice.status, twice.body]).toEqual([400, 'Invalid activation code'])
  })

  it('tells nobody which accounts exist', async () => {
    const known = await post('/recover', { email: 'admin@example.com' })
    const unknown = await post('/recover', { email: 'no-such-account@example.com' })
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text])
  })

  it('refuses codes and passwords in the order of the contract', async () => {
    const code = Buffer.from(randomUUID()).toString('base64url')
    const answers = [await reset('', 'x'), await reset('a', ''), await reset(code, ''), await reset(code, 'x')]
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [404, 'Not Found'],
      [400, 'Activation code a is not valid'],
      [400, 'Bad Request'],
      [400, 'Invalid activation code'],
    ])
    expect((await reset(code, 'p'.repeat(73))).body.code).toBe('INVALID')
  })

  it('before the activation changes the password, and the mailed link still activates', async () => {
    await post('/register', { email: 'ron@example.com', password: 'pw-ron' })
    const code = await codeOf('ron')
    await post('/recover', { email: 'ron@example.com' })
    expect(await codeOf('ron')).toBe(code)
    expect((await reset(code, 'pw-ron-new')).status).toBe(201)
    expect((await logIn('ron', 'pw-ron-new')).body.code).toBe('INACTIVE')
    await activate(code ?? '')
    expect((await logIn('ron', 'pw-ron-new')).status).toBe(200)
  })

  it('is no way for a deactivated account to activate itself', async () => {
    const id = await server.addUser('rudi')
    await post('/recover', { email: 'rudi@example.com' })
    const code = (await codeOf('rudi')) ?? ''
    const json = { email: 'rudi@example.com', is_active: false }
    await server.send('PUT', `/api/admin/user/${id}`, { json })
    await activate(code)
    await post('/recover', { email: 'rudi@example.com' })
    expect(await codeOf('rudi')).toBeNull()
    expect((await logIn('rudi', 'pw-rudi-secret')).body.code).toBe('INACTIVE')
  })
})

describe('providers', () => {
  it('have a configuration under every name', async () => {
    const answer = await server.send('GET', '/api/login/config/elsewhere', { as: null })
    expect([answer.status, answer.body.client_id]).toEqual([200, null])
  })
})
