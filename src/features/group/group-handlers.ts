import { raw } from 'sql-template-tag'
import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { listRows } from '../../pages/list-rows.ts'
import { pageOf, paginationOf } from '../../pages/page.ts'
import { toGroup } from './group-mapper.ts'
import { changeGroup, createGroup } from './group-service.ts'
import { findGroup, type GroupRow, groupColumns } from './group-sql.ts'

type Handlers = Pick<OperationHandlers<AppContext, Extras>, 'getGroupList' | 'addGroup' | 'getGroup' | 'updateGroup'>

export const groupHandlers: Handlers = {
  async getGroupList(ctx, { query }) {
    const page = pageOf(query)
    const { rows, totalItems } = await listRows<GroupRow>(ctx.db, {
      columns: groupColumns,
      from: raw('groups'),
      where: raw('true'),
      orderBy: raw('name, id'),
      page,
    })
    return { status: 200, body: { groups: rows.map(toGroup), pagination: paginationOf(page, totalItems) } }
  },

  async addGroup(ctx, { body }) {
    return { status: 201, body: toGroup(await createGroup(ctx, body)) }
  },

  async getGroup(ctx, { params }) {
    const group = await findGroup(ctx.db, params.id)
    if (!group) throw fail('group_not_found')
    return { status: 200, body: toGroup(group) }
  },

  async updateGroup(ctx, { params, body }) {
    return { status: 200, body: toGroup(await changeGroup(ctx, params.id, body)) }
  },
}
