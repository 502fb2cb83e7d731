import type { components } from '../../../generated/types.ts'
import { changeAccess } from '../../access/access-changes.ts'
import type { Caller } from '../../access/caller.ts'
import { signToken } from '../../access/tokens.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { newId } from '../../ids/uuid.ts'
import { nowUtc } from '../../time/parse-time.ts'
import { requiredTime } from '../../time/required-time.ts'
import type { OwnToken } from './token-access.ts'
import { deleteTokenRow, insertToken, LOGIN_TOKEN } from './token-sql.ts'

type CreateToken = components['schemas']['CreateToken']

/** How long a token without an end of its own lasts (D46). */
const DEFAULT_YEARS = 10

/**
 * Makes an API token (access.md 1). Its `exp` has the fraction of `expires`, which may be in the past; a token for
 * nobody's access changes, so nothing is announced.
 *
 * @throws ApiError `reserved_token_name`, `invalid_time`, `id_taken`.
 */
export async function createToken(
  ctx: AppContext,
  caller: Caller,
  body: CreateToken & { readonly id?: unknown },
  defaultProjectId: string | null,
): Promise<OwnToken> {
  if (body.name === LOGIN_TOKEN) throw fail('reserved_token_name')
  const expires = body.expires === null ? defaultEnd(ctx) : requiredTime('expires', body.expires)
  const id = body.id === undefined ? newId() : requiredUuid('id', body.id)
  const claims = { userId: caller.id, use: 'api', generation: 0, expires: toSeconds(expires) } as const
  const token = await signToken(ctx, claims)
  const row = { id, name: body.name, token, expires, user_id: caller.id, default_project_id: defaultProjectId }
  if (!(await insertToken(ctx.db, row))) throw fail('id_taken', { what: 'Token', id })
  return row
}

/** Deletes a token; it opens nothing any more, in any process. */
export async function deleteToken(ctx: AppContext, id: string): Promise<void> {
  await changeAccess(ctx, (tx) => deleteTokenRow(tx, id))
}

function defaultEnd(ctx: AppContext): string {
  const end = ctx.clock.now()
  return nowUtc(() => new Date(end).setUTCFullYear(end.getUTCFullYear() + DEFAULT_YEARS))
}

/** Seconds since 1970, with the fraction, of a moment as `requiredTime` gives it. */
function toSeconds(time: string): number {
  return Date.parse(`${time.slice(0, 19)}Z`) / 1000 + Number(`0${time.slice(19)}`)
}
