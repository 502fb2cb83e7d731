import { runInNewContext } from 'node:vm'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { BACKEND, type IdentityProviders, PAGES, startIdentityProviders } from '../helpers/identity-providers.ts'
import { startTestServer, type TestAnswer, type TestServer } from '../helpers/server.ts'

const INACTIVE = { code: 'INACTIVE', message: 'User account is inactive' }
let providers: IdentityProviders
let server: TestServer
let clockOffset = 0

beforeAll(async () => {
  providers = await startIdentityProviders()
  server = await startTestServer(
    { ...providers.settings, USER_LOGIN_ENABLED: 'false' },
    {
      now: () => new Date(Date.now() + clockOffset),
    },
  )
})
afterAll(async () => {
  await server?.close()
  await providers?.close()
})
beforeEach(() => {
  clockOffset = 0
  providers.idTokenClaims = {}
  providers.github.length = 0
})

const setPerson = (prefix: string, name: string | null = prefix, verified = true) => {
  providers.person = { email: `${prefix}@example.com`, name, verified }
}
const get = (path: string, cookie?: string) =>
  server.send('GET', path, { as: null, ...(cookie ? { headers: { cookie } } : {}) })
const accountsOf = (prefix: string) =>
  runSql<{ id: string; name: string | null; _password: string | null; is_active: boolean; is_superadmin: boolean }>(
    server.databaseUrl,
    `select id, name, _password, is_active, is_superadmin from users where email = '${prefix}@example.com'`,
  )
const cookieOf = (answer: TestAnswer) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
const whoHas = (token: string, at = server) =>
  at.send('GET', '/api/user', { as: null, headers: { authorization: `Bearer ${token}` } })

/** Begins a login as the web page does and goes through it at the provider; what the browser then holds. */
async function begin(provider: string, at = server) {
  const { body: config } = await at.send('GET', `/api/login/config/${provider}`, { as: null })
  expect(config.authorization_url).toBe(`${BACKEND}/api/login/start/${provider}`)
  const started = await at.send('GET', `/api/login/start/${provider}`, { as: null })
  expect(started.status).toBe(302)
  const location = started.headers.get('location') ?? ''
  const back = await providers.browse(location)
  return { started, location: new URL(location), back, path: back.pathname + back.search, cookie: cookieOf(started) }
}

/** What the page that opened the popup gets, when it asks from `origin`. */
function askPopup(html: string, origin: string) {
  const [, json = '', script = ''] =
    /<script type="application\/json" id="login">(.*?)<\/script>\s*<script>(.*?)<\/script>/s.exec(html) ?? []
  const posted: { data: unknown; target: string }[] = []
  const listeners: ((event: object) => void)[] = []
  runInNewContext(script, {
    document: { getElementById: () => ({ textContent: json }) },
    addEventListener: (_type: string, listener: (event: object) => void) => listeners.push(listener),
  })
  const source = { postMessage: (data: unknown, target: string) => posted.push({ data, target }) }
  for (const data of [{ message: 'other' }, null, { message: 'requestResult' }])
    listeners[0]?.({ data, origin, source })
  return JSON.parse(JSON.stringify(posted))
}

async function popupLogin(provider: string) {
  const { path, cookie } = await begin(provider)
  const answer = await get(path, cookie)
  expect([answer.status, answer.type]).toEqual([200, 'text/html'])
  const [{ data, target }] = askPopup(answer.text, PAGES)
  expect([data.message, target]).toEqual(['deliverResult', PAGES])
  return { answer, result: data.result }
}

/** The reference's flow: the web page's script goes to Keycloak by itself, with a state of its own. */
async function keycloakCode(): Promise<string> {
  const { body: config } = await get('/api/login/config/keycloak')
  const query = new URLSearchParams({
    client_id: config.client_id,
    redirect_uri: config.redirect_uri,
    response_type: 'code',
    response_mode: 'query',
    scope: 'openid email profile',
    state: 'of the script',
    nonce: 'of the script',
  })
  const back = await providers.browse(`${config.authorization_url}?${query}`)
  return back.pathname + back.search
}

describe.each(['github', 'gitlab'])('a login at %s', (provider) => {
  it('makes an account without a password, and finds it again, renamed or not', async () => {
    setPerson(`${provider}-new`, 'Noor')
    const { result } = await popupLogin(provider)
    expect(result).toEqual({ email: `${provider}-new@example.com`, name: 'Noor', token: expect.any(String) })
    const [account] = await accountsOf(`${provider}-new`)
    expect(account).toMatchObject({ name: 'Noor', _password: null, is_active: true, is_superadmin: false })
    expect((await whoHas(result.token)).body.id).toBe(account?.id)
    expect(decodeJwt(result.token)).toMatchObject({ use: 'login', sub: account?.id })
    setPerson(`${provider}-new`, 'Somebody Else')
    const again = await popupLogin(provider)
    expect(again.result.name).toBe('Noor')
    expect(await accountsOf(`${provider}-new`)).toEqual([account])
    const password = { email: `${provider}-new@example.com`, password: '1' }
    expect((await server.send('POST', '/api/login', { as: null, json: password })).status).toBe(401)
  })

  it('begins here with state and PKCE, which only this browser can end, once', async () => {
    setPerson(`${provider}-state`)
    const { started, location, path, cookie, back } = await begin(provider)
    const query = location.searchParams
    expect(query.get('code_challenge_method')).toBe('S256')
    expect(query.get('redirect_uri')).toBe(`${BACKEND}/login/auth/${provider}`)
    expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(back.searchParams.get('state')).toBe(query.get('state'))
    expect(started.headers.get('cache-control')).toBe('no-store')
    const attributes = (started.headers.get('set-cookie') ?? '').split('; ').slice(1)
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure'])
    expect(cookie).toMatch(new RegExp(`^__Host-ibutsu-login-${provider}=`))

    const other = await get(`/api/login/start/${provider}`)
    const wrong = path.replace(/state=[^&]+/, 'state=x')
    for (const [to, sent] of [
      [path, undefined],
      [path, cookieOf(other)],
      [wrong, cookie],
      [path.replace(/[?&]state=[^&]+/, '').replace('&code', '?code'), cookie],
      [path, `${cookie.slice(0, -3)}abc`],
    ] as const) {
      const answer = await get(to, sent)
      expect([answer.status, answer.body]).toEqual([
        400,
        'This login was not begun here, or too long ago; please log in again',
      ])
      expect(answer.headers.get('set-cookie')).toContain('Max-Age=0')
    }
    clockOffset = 601_000
    expect((await get(path, cookie)).status).toBe(400)
    clockOffset = 0
    const ended = await get(path, cookie)
    expect(ended.status).toBe(200)
    expect(ended.headers.get('set-cookie')).toMatch(/=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax/)
    const replayed = await get(path, cookie)
    expect([replayed.status, replayed.body]).toEqual([401, 'Unauthorized'])
  })

  it('does not take the cookie of another provider', async () => {
    const { path, cookie } = await begin(provider)
    const strange = provider === 'github' ? 'gitlab' : 'github'
    const answer = await get(path.replace(`auth/${provider}`, `auth/${strange}`), cookie.replace(provider, strange))
    expect(answer.status).toBe(400)
  })

  it('keeps inactive accounts and unverified addresses out', async () => {
    const id = await server.addUser(`${provider}-off`)
    await runSql(server.databaseUrl, `update users set is_active = false where id = '${id}'`)
    setPerson(`${provider}-off`)
    const { path, cookie } = await begin(provider)
    const inactive = await get(path, cookie)
    expect([inactive.status, inactive.body]).toEqual([401, INACTIVE])
    setPerson('admin', 'Mallory', false)
    const second = await begin(provider)
    const unverified = await get(second.path, second.cookie)
    expect([unverified.status, unverified.body]).toEqual([401, 'Unauthorized'])
  })

  it('answers both addresses of its return', async () => {
    setPerson(`${provider}-both`)
    const { path, cookie } = await begin(provider)
    expect(path).toMatch(new RegExp(`^/login/auth/${provider}\\?`))
    expect((await get(`/api${path}`, cookie)).status).toBe(200)
  })
})

describe('the page of a popup', () => {
  it('holds the login as data, for the web pages alone', async () => {
    const name = '</script><script>alert(1)</script><!--\u2028&'
    setPerson('script', name)
    const { answer, result } = await popupLogin('github')
    expect(result.name).toBe(name)
    expect(answer.text.match(/<\/?script/g)).toHaveLength(4)
    expect(answer.text).not.toContain('<!--')
    expect(askPopup(answer.text, 'https://elsewhere.example.com')).toEqual([])
    const policy = answer.headers.get('content-security-policy')
    const script = /<script>(.*?)<\/script>/s.exec(answer.text)?.[1] ?? ''
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(script))).toString('base64')
    expect(policy).toContain(`default-src 'none'; script-src 'sha256-${hash}'`)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})

describe('GitHub', () => {
  it('gets client, secret and verifier by form, and its token on the way to the addresses', async () => {
    setPerson('form')
    await popupLogin('github')
    const [authorize, token, user, emails] = providers.github
    expect(Object.fromEntries(token?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: expect.any(String),
      redirect_uri: `${BACKEND}/login/auth/github`,
      client_id: 'github-client',
      client_secret: 'github-secret',
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(authorize?.form.get('scope')).toBe('user')
    expect([user?.authorization, emails?.authorization]).toEqual(['Bearer gho_1', 'Bearer gho_1'])
  })
})

describe('a login at Keycloak', () => {
  it("ends on the web pages' login page, the first time, the second, and renamed", async () => {
    setPerson('kim', 'Kim & Co')
    const first = await get(await keycloakCode())
    expect([first.status, first.type, first.headers.get('cache-control')]).toEqual([302, 'text/html', 'no-store'])
    const location = new URL(first.headers.get('location') ?? '')
    expect(location.origin + location.pathname).toBe(`${PAGES}/login`)
    expect([...location.searchParams.keys()]).toEqual(['email', 'name', 'token'])
    expect(location.search).toMatch(/^\?email=kim%40example.com&name=Kim\+%26\+Co&token=/)
    expect((await whoHas(location.searchParams.get('token') ?? '')).body.email).toBe('kim@example.com')
    setPerson('kim', 'Renamed')
    const second = await get(await keycloakCode())
    expect(second.headers.get('location')).toContain('name=Kim+%26+Co')
    expect(await accountsOf('kim')).toHaveLength(1)
  })

  it('refuses replayed codes, unverified addresses and inactive accounts', async () => {
    setPerson('kira')
    const path = await keycloakCode()
    expect((await get(path)).status).toBe(302)
    const replayed = await get(path)
    expect([replayed.status, replayed.body]).toEqual([401, 'Unauthorized'])
    await runSql(server.databaseUrl, "update users set is_active = false where email = 'kira@example.com'")
    expect((await get(await keycloakCode())).body).toEqual(INACTIVE)
    setPerson('kai', 'Kai', false)
    expect((await get(await keycloakCode())).status).toBe(401)
    expect(await accountsOf('kai')).toEqual([])
  })

  it('may begin here, and must when a state is demanded', async () => {
    setPerson('karl')
    const strict = await startTestServer({ ...providers.settings, KEYCLOAK_REQUIRE_STATE: 'true' })
    try {
      const { path, cookie, location } = await begin('keycloak', strict)
      expect(location.searchParams.get('code_challenge')).toBeTruthy()
      expect((await strict.send('GET', path, { as: null })).status).toBe(400)
      expect((await strict.send('GET', path, { as: null, headers: { cookie } })).status).toBe(302)
      expect((await strict.send('GET', await keycloakCode(), { as: null })).status).toBe(400)
    } finally {
      await strict.close()
    }
    const started = await get('/api/login/start/keycloak')
    const back = await providers.browse(started.headers.get('location') ?? '')
    expect((await get(back.pathname + back.search, cookieOf(started))).status).toBe(302)
  })

  it('refuses ID tokens of another issuer, for another client, or expired', async () => {
    setPerson('kurt')
    const standin = await startTestServer({ ...providers.settings, KEYCLOAK_REALM: 'standin' })
    try {
      const attempt = async (claims: Record<string, unknown>) => {
        providers.idTokenClaims = claims
        return (await standin.send('GET', '/api/login/auth/keycloak?code=c', { as: null })).status
      }
      expect(await attempt({})).toBe(302)
      expect(await attempt({ aud: 'other-client' })).toBe(401)
      expect(await attempt({ iss: 'https://elsewhere.example.com' })).toBe(401)
      expect(await attempt({ exp: Math.floor(Date.now() / 1000) - 120 })).toBe(401)
      const warned = vi.spyOn(standin.ctx.log, 'warn')
      await attempt({ iss: 'https://elsewhere.example.com', email: 'private@example.com' })
      const line = JSON.stringify(warned.mock.calls)
      expect(line).toContain(`expected ${providers.url}/realms/standin, got https://elsewhere.example.com`)
      expect(line).not.toContain('private@example.com')
    } finally {
      await standin.close()
    }
  })
})

describe('a login at Google', () => {
  const google = async (token: string) => get(`/api/login/auth/google?code=${token}`)

  it('takes an ID token and answers JSON', async () => {
    setPerson('gil', 'Gil')
    const { status, type, body, headers } = await google(await providers.googleToken())
    expect([status, type, headers.get('cache-control')]).toEqual([200, 'application/json', 'no-store'])
    expect(body).toEqual({ email: 'gil@example.com', name: 'Gil', token: expect.any(String) })
    setPerson('gil', 'Renamed')
    expect((await google(await providers.googleToken())).body.name).toBe('Gil')
    await runSql(server.databaseUrl, "update users set is_active = false where email = 'gil@example.com'")
    expect((await google(await providers.googleToken())).body).toEqual(INACTIVE)
  })

  it('refuses another audience, another signature, what has expired, and unverified addresses', async () => {
    setPerson('gus')
    const good = await providers.googleToken()
    const [head, payload, signature = ''] = good.split('.')
    const forged = { ...decodeJwt(good), email: 'admin@example.com' }
    const refused = [
      await providers.googleToken('other-client'),
      `${head}.${Buffer.from(JSON.stringify(forged)).toString('base64url')}.${signature}`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
      'no token',
    ]
    for (const token of refused) expect((await google(token)).body).toBe('Unauthorized')
    clockOffset = 2 * 3600_000
    expect((await google(good)).status).toBe(401)
    clockOffset = 0
    setPerson('gus', 'Gus', false)
    expect((await google(await providers.googleToken())).status).toBe(401)
    expect(await accountsOf('gus')).toEqual([])
    expect((await google(good)).status).toBe(200)
  })
})

describe('providers', () => {
  it('that are down let nobody in', async () => {
    const url = 'http://127.0.0.1:9'
    const alone = await startTestServer({
      ...providers.settings,
      KEYCLOAK_BASE_URL: url,
      GOOGLE_ISSUER: `${providers.url}/gone`,
    })
    try {
      for (const path of ['keycloak?code=c', `google?code=${await providers.googleToken()}`]) {
        const answer = await alone.send('GET', `/api/login/auth/${path}`, { as: null })
        expect([answer.status, answer.body]).toEqual([401, 'Unauthorized'])
      }
    } finally {
      await alone.close()
    }
  })

  it('that are not set up, or that nobody knows, are no way in', async () => {
    const plain = await startTestServer({ GITLAB_CLIENT_ID: 'x' })
    try {
      for (const path of ['auth/github?code=c', 'auth/facebook?code=c', 'auth/toString?code=c', 'start/google']) {
        const answer = await plain.send('GET', `/api/login/${path}`, { as: null })
        expect([answer.status, answer.body]).toEqual([400, `There is no login by ${path.split(/[/?]/)[1]} here`])
      }
      const { body } = await plain.send('GET', '/api/login/config/github', { as: null })
      expect(body.authorization_url).toBe('https://github.com/login/oauth/authorize')
      for (const query of ['', '?code=']) {
        expect((await plain.send('GET', `/login/auth/github${query}`, { as: null })).body).toBe('Bad Request')
      }
    } finally {
      await plain.close()
    }
  })
})
