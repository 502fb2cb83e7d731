import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type Request } from 'express'
import { SignJWT } from 'jose'
import { type Configuration, Provider } from 'oidc-provider'

/** A person at the providers. */
export interface Person {
  email: string
  name: string | null
  verified: boolean
}

export interface IdentityProviders {
  /** Where they all are. */
  readonly url: string
  /** The environment of a server that uses them. */
  readonly settings: Readonly<Record<string, string>>
  /** Who sits in front of the browser. */
  person: Person
  /** Follows a login from this address until it leads to `backend` or to the web pages; gives that address. */
  browse(start: string): Promise<URL>
  /** An ID token of the Google-shaped provider, as its script in the web page gets it. */
  googleToken(clientId?: string): Promise<string>
  /** What the token answer of the realm `standin` says in its ID token. */
  idTokenClaims: Record<string, unknown>
  /** The requests that the GitHub stand-in got: path and form. */
  readonly github: { path: string; form: URLSearchParams; authorization: string | undefined }[]
  close(): Promise<void>
}

export const BACKEND = 'https://tests.example.com'
export const PAGES = 'https://pages.example.com'

/**
 * Real OpenID providers (oidc-provider) on loopback, shaped like Keycloak, GitLab and Google by their paths, and stand-ins
 * for what such a one can't be made to do.
 */
export async function startIdentityProviders(): Promise<IdentityProviders> {
  const app = express()
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const providers: IdentityProviders = {
    url,
    settings: settingsFor(url),
    person: { email: 'nobody@example.com', name: 'Nobody', verified: true },
    idTokenClaims: {},
    github: [],
    browse: (start) => browse(start, url),
    async googleToken(clientId = 'google-client') {
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: 'id_token',
        redirect_uri: `${PAGES}/login`,
        scope: 'openid email profile',
        nonce: 'n',
      })
      const end = await browse(`${url}/google/auth?${query}`, url)
      const token = new URLSearchParams(end.hash.slice(1)).get('id_token')
      if (!token) throw new Error(`no ID token: ${end}`)
      return token
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  addKeycloak(app, providers)
  addGitlab(app, providers)
  addGoogle(app, providers)
  addGithub(app, providers)
  addStandIn(app, providers)
  return providers
}

function settingsFor(url: string): Record<string, string> {
  return {
    BACKEND_URL: BACKEND,
    FRONTEND_URL: PAGES,
    KEYCLOAK_BASE_URL: url,
    KEYCLOAK_REALM: 'tests',
    KEYCLOAK_CLIENT_ID: 'keycloak-client',
    GITLAB_BASE_URL: `${url}/gitlab`,
    GITLAB_CLIENT_ID: 'gitlab-client',
    GITLAB_CLIENT_SECRET: 'gitlab-secret',
    GOOGLE_ISSUER: `${url}/google`,
    GOOGLE_CLIENT_ID: 'google-client',
    GITHUB_CLIENT_ID: 'github-client',
    GITHUB_CLIENT_SECRET: 'github-secret',
    GITHUB_AUTH_URL: `${url}/github/authorize`,
    GITHUB_TOKEN_URL: `${url}/github/token`,
    GITHUB_USER_URL: `${url}/github/user`,
  }
}

function addKeycloak(app: Express, providers: IdentityProviders): void {
  const paths = '/protocol/openid-connect'
  mount(app, providers, '/realms/tests', {
    clients: [
      {
        client_id: 'keycloak-client',
        token_endpoint_auth_method: 'none',
        redirect_uris: [`${BACKEND}/api/login/auth/keycloak`],
      },
    ],
    routes: { authorization: `${paths}/auth`, token: `${paths}/token`, userinfo: `${paths}/userinfo` },
  })
}

function addGitlab(app: Express, providers: IdentityProviders): void {
  const provider = new Provider(`${providers.url}/gitlab`, {
    ...common(providers),
    scopes: ['openid', 'read_user'],
    clients: [
      {
        client_id: 'gitlab-client',
        client_secret: 'gitlab-secret',
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [`${BACKEND}/login/auth/gitlab`],
        scope: 'read_user openid',
      },
    ],
    routes: { authorization: '/oauth/authorize', token: '/oauth/token' },
    // A code with a challenge is worth nothing without its verifier.
    pkce: { required: () => true },
  })
  app.get('/gitlab/api/v4/user', async (req, res) => {
    const token = await provider.AccessToken.find(bearerOf(req) ?? '')
    if (!token?.scopes.has('read_user')) return void res.status(401).json({ message: '401 Unauthorized' })
    const { email, name, verified } = providers.person
    res.json({ id: 7, username: 'x', email, name, confirmed_at: verified ? '2026-01-01T00:00:00Z' : null })
  })
  mountProvider(app, providers, '/gitlab', provider)
}

function addGoogle(app: Express, providers: IdentityProviders): void {
  mount(app, providers, '/google', {
    responseTypes: ['id_token', 'code'],
    clients: ['google-client', 'other-client'].map((client_id) => ({
      client_id,
      token_endpoint_auth_method: 'none',
      response_types: ['id_token'],
      grant_types: ['implicit'],
      redirect_uris: [`${PAGES}/login`],
    })),
  })
}

/** GitHub speaks OAuth in its own way: 200 for refusals, addresses apart from the user. */
function addGithub(app: Express, providers: IdentityProviders): void {
  const codes = new Set<string>()
  const note = (req: Request, form = '') =>
    providers.github.push({ path: req.path, form: new URLSearchParams(form), authorization: req.headers.authorization })
  app.get('/github/authorize', (req, res) => {
    const query = new URL(req.url, providers.url).searchParams
    note(req, query.toString())
    const code = `code-${codes.size}`
    codes.add(code)
    res.redirect(`${query.get('redirect_uri')}?code=${code}&state=${query.get('state')}`)
  })
  app.post('/github/token', express.text({ type: '*/*' }), (req, res) => {
    note(req, String(req.body))
    const form = new URLSearchParams(String(req.body))
    if (!codes.delete(form.get('code') ?? '')) return void res.json({ error: 'bad_verification_code' })
    res.json({ access_token: 'gho_1', token_type: 'bearer', scope: 'user' })
  })
  app.get('/github/user', (req, res) => {
    note(req)
    res.json({ id: 1, login: 'x', name: providers.person.name, email: null })
  })
  app.get('/github/user/emails', (req, res) => {
    note(req)
    const { email, verified } = providers.person
    res.json([
      { email: 'second@example.com', primary: false, verified },
      { email, primary: true, verified },
    ])
  })
}

/** A realm whose ID tokens say whatever a test wants. */
function addStandIn(app: Express, providers: IdentityProviders): void {
  const base = '/realms/standin/protocol/openid-connect'
  app.post(`${base}/token`, async (_req, res) => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: `${providers.url}/realms/standin`,
      aud: 'keycloak-client',
      sub: 'x',
      iat: now,
      exp: now + 60,
      nonce: "the web page's",
    }
    const id_token = await new SignJWT({ ...claims, ...providers.idTokenClaims })
      .setProtectedHeader({ alg: 'RS256' })
      .sign((await crypto.subtle.generateKey(rsa, true, ['sign', 'verify'])).privateKey)
    res.json({ access_token: 'a', token_type: 'Bearer', id_token })
  })
  app.get(`${base}/userinfo`, (_req, res) => {
    const { email, name, verified } = providers.person
    res.json({ sub: 'x', email, name, email_verified: verified })
  })
}

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const

function mount(app: Express, providers: IdentityProviders, path: string, configuration: Configuration): void {
  mountProvider(app, providers, path, new Provider(providers.url + path, { ...common(providers), ...configuration }))
}

function mountProvider(app: Express, providers: IdentityProviders, path: string, provider: Provider): void {
  provider.on('server_error', (_ctx, error) => console.error(error))
  app.get(`${path}/interaction/:uid`, async (req, res) => {
    await provider.interactionFinished(req, res, { login: { accountId: providers.person.email } })
  })
  app.use(path, provider.callback())
}

/** Whoever comes is logged in as the person of the moment, and agrees to everything. */
function common(providers: IdentityProviders): Configuration {
  return {
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => false },
    cookies: { keys: ['only for tests'] },
    interactions: { url: (ctx, { uid }) => `${ctx.oidc.issuer}/interaction/${uid}` },
    findAccount: (_ctx, accountId) => {
      const { email, name, verified } = providers.person
      return { accountId, claims: () => ({ sub: accountId, email, name, email_verified: verified }) }
    },
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      })
      grant.addOIDCScope('openid email profile read_user')
      await grant.save()
      return grant
    },
  }
}

const bearerOf = (req: Request) => /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1]

/** A browser with cookies for the providers alone, and a new one each time. */
async function browse(start: string, within: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let at = new URL(start)
  for (let hops = 0; hops < 10; hops++) {
    if (at.origin !== within) return at
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(at, { redirect: 'manual', headers: cookie ? { cookie } : {} })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    if (!next) throw new Error(`${at} answered ${answer.status}: ${await answer.text()}`)
    at = new URL(next, at)
  }
  throw new Error('the provider goes round in circles')
}
