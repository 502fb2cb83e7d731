import type { AppContext } from '../context.ts'
import { fail } from '../errors.ts'
import type { Caller } from './caller.ts'
import { identifyCaller } from './identify-caller.ts'
import type { AccessRule } from './rules.ts'

/**
 * Superadmins whose token stands in the body instead of a header, looked up like every other (jobs.md 11, D22). The subject
 * is the caller.
 */
export const superadminOfBody: AccessRule<'anonymous', { readonly body: { readonly token?: unknown } }, Caller> = {
  who: 'anonymous',
  async resolve(ctx: AppContext, _caller, { body }) {
    if (typeof body.token !== 'string' || body.token === '') throw fail('unauthorized')
    const caller = await identifyCaller(ctx, `Bearer ${body.token}`)
    if (!caller.isSuperadmin) throw fail('forbidden')
    return caller
  },
}
