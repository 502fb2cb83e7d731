import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { activateAccount, logIn, recoverAccount, registerAccount, resetPassword } from './login-service.ts'
import { readProviderConfig, readSupport } from './provider-config.ts'
import { popupHeaders, renderPopup } from './sso-page.ts'
import { finishProviderLogin, startProviderLogin } from './sso-service.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  | 'login'
  | 'support'
  | 'config'
  | 'startLogin'
  | 'auth'
  | 'authWithoutPrefix'
  | 'register'
  | 'activate'
  | 'recover'
  | 'resetPassword'
>

/** What the login page is told after an activation link was followed; clients read these words. */
const ACTIVATED = 'st=success&msg=Account+activated,+please+log+in.'
const NOT_ACTIVATED = 'st=error&msg=Invalid+activation+code,+please+check+the+link+in+your+email.'

/** For clients that don't follow redirects. */
const ELSEWHERE = '<!doctype html><title>Ibutsu</title><p>Go on to the login page.</p>'
const HTML = 'text/html; charset=utf-8'
/** Answers and addresses of a login at a provider hold tokens and codes. */
const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } as const

/** The web pages' own login page for Keycloak, JSON for Google's script, a popup for the others (access.md 3.4). */
const returnFromProvider: Handlers['auth'] = async (ctx, { params: { provider }, query, cookie, client }) => {
  const { code, state } = query
  if (!code) throw fail('bad_request')
  const { login, headers } = await finishProviderLogin(ctx, { provider, code, state, cookie, client })
  if (provider === 'google') {
    return { status: 200, type: 'application/json', body: JSON.stringify(login), headers: { ...headers, ...PRIVATE } }
  }
  if (provider === 'keycloak') {
    const { email, name, token } = login
    const query = new URLSearchParams({ email, name: name ?? '', token })
    const location = `${ctx.config.frontendUrl}/login?${query}`
    return { status: 302, type: HTML, body: ELSEWHERE, headers: { ...headers, ...PRIVATE, location } }
  }
  const page = renderPopup(login, ctx.config.frontendUrl)
  return { status: 200, type: HTML, body: page, headers: { ...headers, ...PRIVATE, ...popupHeaders } }
}

export const loginHandlers: Handlers = {
  async login(ctx, { body, client }) {
    return { status: 200, body: await logIn(ctx, body, client) }
  },

  async support(ctx) {
    return { status: 200, body: readSupport(ctx.config) }
  },

  async config(ctx, { params }) {
    return { status: 200, body: readProviderConfig(ctx.config, params.provider) }
  },

  async startLogin(ctx, { params }) {
    const { location, cookie } = await startProviderLogin(ctx, params.provider)
    const headers = { ...PRIVATE, location, 'set-cookie': cookie }
    return { status: 302, type: HTML, body: ELSEWHERE, headers }
  },

  auth: returnFromProvider,
  authWithoutPrefix: returnFromProvider,

  async register(ctx, { body, client }) {
    await registerAccount(ctx, body, client)
    return { status: 201, body: {} }
  },

  async activate(ctx, { params }) {
    const outcome = (await activateAccount(ctx, params.activation_code)) ? ACTIVATED : NOT_ACTIVATED
    return {
      status: 302,
      type: HTML,
      body: ELSEWHERE,
      headers: { location: `${ctx.config.frontendUrl}/login?${outcome}` },
    }
  },

  async recover(ctx, { body, client }) {
    await recoverAccount(ctx, body.email, client)
    return { status: 201, body: {} }
  },

  async resetPassword(ctx, { body }) {
    await resetPassword(ctx, body.activation_code, body.password)
    return { status: 201, body: {} }
  },
}
