import sql, { raw } from 'sql-template-tag'
import type { OperationHandlers } from '../../../generated/handlers.ts'
import { changeAccess } from '../../access/access-changes.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { listRows } from '../../pages/list-rows.ts'
import { pageOf, paginationOf } from '../../pages/page.ts'
import type { OwnToken } from './token-access.ts'
import { toToken } from './token-mapper.ts'
import { createToken, deleteToken } from './token-service.ts'
import { LOGIN_TOKEN, tokenColumns } from './token-sql.ts'
import { toUser } from './user-mapper.ts'
import { findUser, renameUser, type UserRow } from './user-sql.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getCurrentUser' | 'updateCurrentUser' | 'getTokenList' | 'addToken' | 'getToken' | 'deleteToken'
>

export const userHandlers: Handlers = {
  async getCurrentUser(ctx, { caller }) {
    return { status: 200, body: toUser(stillThere(await findUser(ctx.db, caller.id))) }
  },

  // Only the name (D15): whatever else the body holds is not looked at.
  async updateCurrentUser(ctx, { body, caller }) {
    const { name } = body
    const user =
      name === undefined
        ? await findUser(ctx.db, caller.id)
        : await changeAccess(ctx, (tx) => renameUser(tx, caller.id, name))
    return { status: 200, body: toUser(stillThere(user)) }
  },

  async getTokenList(ctx, { query, caller }) {
    const page = pageOf(query)
    const { rows, totalItems } = await listRows<OwnToken>(ctx.db, {
      columns: tokenColumns,
      from: raw('tokens'),
      where: sql`user_id = ${caller.id} and name <> ${LOGIN_TOKEN}`,
      orderBy: raw('name, id'),
      page,
    })
    return { status: 200, body: { tokens: rows.map(toToken), pagination: paginationOf(page, totalItems) } }
  },

  async addToken(ctx, { body, caller, subject: defaultProjectId }) {
    return { status: 201, body: toToken(await createToken(ctx, caller, body, defaultProjectId)) }
  },

  async getToken(_ctx, { subject: token }) {
    return { status: 200, body: toToken(token) }
  },

  async deleteToken(ctx, { subject: token }) {
    await deleteToken(ctx, token.id)
    return { status: 200, body: 'OK' }
  },
}

/** The account may have been deleted since the token was looked at. */
function stillThere(user: UserRow | undefined): UserRow {
  if (!user) throw fail('revoked_token')
  return user
}
