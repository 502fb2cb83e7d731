import type { components } from '../../../generated/types.ts'
import type { AppContext } from '../../context.ts'
import type { Queryable } from '../../db/queryable.ts'
import { fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { newId } from '../../ids/uuid.ts'
import { findUser } from '../user/user-sql.ts'
import { type DashboardRow, insertDashboard, updateDashboard } from './dashboard-sql.ts'

type DashboardInput = components['schemas']['DashboardInput']

/**
 * Stores a dashboard; description and filters are "" where nothing is said (data-model.md 5.3).
 *
 * @throws ApiError `id_taken`, `dashboard_user_unknown`, `invalid_uuid`.
 */
export async function createDashboard(
  ctx: AppContext,
  body: DashboardInput,
  projectId: string | null,
): Promise<DashboardRow> {
  const row: DashboardRow = {
    id: body.id === undefined ? newId() : requiredUuid('id', body.id),
    title: body.title ?? null,
    description: body.description ?? '',
    filters: body.filters ?? '',
    project_id: projectId,
    user_id: body.user_id ? await knownUser(ctx.db, body.user_id) : null,
  }
  if (!(await insertDashboard(ctx.db, row))) throw fail('id_taken', { what: 'Dashboard', id: row.id })
  return row
}

/**
 * Changes what the body names and leaves the rest.
 *
 * @throws ApiError `dashboard_not_found` when it went meanwhile, `dashboard_user_unknown`, `invalid_uuid`.
 */
export async function changeDashboard(
  ctx: AppContext,
  id: string,
  body: DashboardInput,
  projectId: string | null,
): Promise<DashboardRow> {
  const changed = await updateDashboard(ctx.db, id, {
    ...(body.title === undefined ? {} : { title: body.title }),
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.filters === undefined ? {} : { filters: body.filters }),
    ...(body.user_id === undefined ? {} : { user_id: body.user_id && (await knownUser(ctx.db, body.user_id)) }),
    ...(body.project_id ? { project_id: projectId } : {}),
  })
  if (!changed) throw fail('dashboard_not_found')
  return changed
}

async function knownUser(db: Queryable, sent: string): Promise<string> {
  const id = requiredUuid('user_id', sent)
  if (!(await findUser(db, id))) throw fail('dashboard_user_unknown', { id })
  return id
}
