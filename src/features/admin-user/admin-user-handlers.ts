import { raw } from 'sql-template-tag'
import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { parseFilters } from '../../filters/grammar.ts'
import { tables } from '../../filters/tables.ts'
import { listRows } from '../../pages/list-rows.ts'
import { pageOf, paginationOf } from '../../pages/page.ts'
import { toUser } from '../user/user-mapper.ts'
import { findUser, type UserRow, userColumns } from '../user/user-sql.ts'
import { changeUser, createUser, deleteUser, withProjects } from './admin-user-service.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'adminGetUserList' | 'adminAddUser' | 'adminGetUser' | 'adminUpdateUser' | 'adminDeleteUser'
>

export const adminUserHandlers: Handlers = {
  async adminGetUserList(ctx, { query }) {
    const page = pageOf(query)
    const filters = parseFilters(query.filter ?? [])
    const { rows, totalItems } = await listRows<UserRow>(ctx.db, {
      columns: userColumns,
      from: raw('users'),
      where: compileFilters(tables.users, filters),
      orderBy: raw('email'),
      page,
      filters,
    })
    return {
      status: 200,
      body: { users: await withProjects(ctx.db, rows), pagination: paginationOf(page, totalItems) },
    }
  },

  async adminAddUser(ctx, { body }) {
    return { status: 201, body: toUser(await createUser(ctx, body)) }
  },

  async adminGetUser(ctx, { params }) {
    const row = await findUser(ctx.db, params.id)
    const [user] = row ? await withProjects(ctx.db, [row]) : []
    if (!user) throw fail('admin_not_found', { what: 'User' })
    return { status: 200, body: user }
  },

  async adminUpdateUser(ctx, { params, body }) {
    return { status: 200, body: toUser(await changeUser(ctx, params.id, body)) }
  },

  async adminDeleteUser(ctx, { params, caller }) {
    await deleteUser(ctx, caller, params.id)
    return { status: 200, body: 'OK' }
  },
}
