import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { activateAccount, logIn, recoverAccount, registerAccount, resetPassword } from './login-service.ts'
import { readProviderConfig, readSupport } from './provider-config.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'login' | 'support' | 'config' | 'auth' | 'register' | 'activate' | 'recover' | 'resetPassword'
>

/** What the login page is told after an activation link was followed; clients read these words. */
const ACTIVATED = 'st=success&msg=Account+activated,+please+log+in.'
const NOT_ACTIVATED = 'st=error&msg=Invalid+activation+code,+please+check+the+link+in+your+email.'

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

  async auth(_ctx, { query }) {
    throw fail(query.code ? 'not_built' : 'bad_request')
  },

  async register(ctx, { body, client }) {
    await registerAccount(ctx, body, client)
    return { status: 201, body: {} }
  },

  async activate(ctx, { params }) {
    const outcome = (await activateAccount(ctx, params.activation_code)) ? ACTIVATED : NOT_ACTIVATED
    return {
      status: 302,
      type: 'text/html; charset=utf-8',
      body: '<!doctype html><title>Ibutsu</title><p>Go on to the login page.</p>',
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
