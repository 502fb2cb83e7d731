import type { components } from '../../../generated/types.ts'
import type { Caller } from '../../access/caller.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { type ErrorCode, fail } from '../../errors.ts'
import { findProjectId } from '../project/find-project.ts'
import { findToken, type TokenRow } from './token-sql.ts'

/** A token of the caller. */
export type OwnToken = TokenRow & { readonly user_id: string }

type CreateToken = components['schemas']['CreateToken']
type TokenRequest = { params: { id: string } }

/**
 * The default project that a new token is to have, by id or name; null when it is to have none.
 *
 * @throws ApiError `invalid_project`, `ambiguous_project`.
 */
export async function defaultProjectOfNewToken(
  ctx: AppContext,
  { body }: { body: CreateToken },
  need: Need,
  caller: Caller,
): Promise<string | null> {
  if (!body.default_project) return null
  const projectId = await findProjectId(ctx.db, caller, body.default_project)
  if (!projectId) throw fail('invalid_project')
  need(projectId)
  return projectId
}

/** The caller's own token that a path names; those of others are refused to everybody, superadmins included. */
export function tokenOfPath(ctx: AppContext, request: TokenRequest, _need: Need, caller: Caller): Promise<OwnToken> {
  return findOwnToken(ctx, request.params.id, caller, 'token_not_found')
}

/** Like `tokenOfPath`; only the words for an unknown one differ (access.md 1). */
export function tokenToDelete(ctx: AppContext, request: TokenRequest, _need: Need, caller: Caller): Promise<OwnToken> {
  return findOwnToken(ctx, request.params.id, caller, 'not_found')
}

async function findOwnToken(ctx: AppContext, id: string, caller: Caller, unknown: ErrorCode): Promise<OwnToken> {
  const token = await findToken(ctx.db, id)
  if (!token) throw fail(unknown)
  if (token.user_id !== caller.id) throw fail('forbidden')
  return { ...token, user_id: caller.id }
}
