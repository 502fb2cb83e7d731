import type { components } from '../../../generated/types.ts'
import { changeAccess } from '../../access/access-changes.ts'
import type { Caller } from '../../access/caller.ts'
import type { AppContext } from '../../context.ts'
import type { Queryable } from '../../db/queryable.ts'
import { type ErrorCode, fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { newId } from '../../ids/uuid.ts'
import {
  addMember,
  addMembersByEmail,
  findProject,
  holdAccount,
  holdDashboard,
  holdGroup,
  insertProject,
  lockProject,
  type ProjectChanges,
  type ProjectRow,
  removeOtherMembers,
  updateProject,
} from './project-sql.ts'

type ProjectInput = components['schemas']['ProjectInput']

/**
 * Stores a new project; the caller becomes its owner and only member, whatever the body says (data-model.md 5.3).
 *
 * @throws ApiError `id_taken`, `unknown_group`, `invalid_uuid`, or `unknown_dashboard`, as a new project has none.
 */
export async function createProject(ctx: AppContext, caller: Caller, body: ProjectInput): Promise<ProjectRow> {
  const sentId = sentReference('id', body.id)
  const groupId = sentReference('group_id', body.group_id)
  const dashboardId = sentReference('default_dashboard_id', body.default_dashboard_id)
  const row = {
    id: sentId ?? newId(),
    name: body.name ?? null,
    title: body.title ?? null,
    owner_id: caller.id,
    group_id: groupId,
  }
  let tries = 0
  return changeAccess(ctx, async (tx) => {
    tries++
    if (groupId && !(await holdGroup(tx, groupId))) throw fail('unknown_group', { id: groupId })
    if (dashboardId) throw fail('unknown_dashboard', { id: dashboardId })
    const isNew = await insertProject(tx, row)
    const stored = await findProject(tx, row.id)
    // A second try may meet what the first one stored, when the answer to its commit was lost.
    const isOurs = stored && (isNew || (tries > 1 && isMadeOf(stored, row)))
    if (!isOurs) throw fail('id_taken', { what: 'Project', id: row.id })
    return stored
  })
}

function isMadeOf(stored: ProjectRow, { name, title, owner_id, group_id }: Partial<ProjectRow>): boolean {
  return stored.name === name && stored.title === title && stored.owner_id === owner_id && stored.group_id === group_id
}

/**
 * Changes what a body names and leaves the rest. `users` adds accounts (data-model.md 5.3); said by an administrator it is
 * the whole membership (conformance kit, D3), so that there is a way to take somebody out.
 *
 * @param how.administration whether a superadmin changes it; then a new owner becomes a member too.
 * @param how.missing the error when the project is gone.
 * @throws ApiError `unknown_user`, `unknown_group`, `invalid_uuid`, `unknown_dashboard` for one that is not the project's.
 */
export async function changeProject(
  ctx: AppContext,
  id: string,
  body: ProjectInput,
  how: { readonly administration: boolean; readonly missing: () => Error },
): Promise<ProjectRow> {
  const changes = sentChanges(body)
  return changeAccess(ctx, async (tx) => {
    if (!(await lockProject(tx, id))) throw how.missing()
    await checkReferences(tx, id, changes)
    await updateProject(tx, id, changes)
    if (body.users && body.users.length > 0) await addMembersByEmail(tx, id, body.users)
    if (body.users && how.administration) await removeOtherMembers(tx, id, body.users)
    if (how.administration && changes.owner_id) await addMember(tx, id, changes.owner_id)
    const changed = await findProject(tx, id)
    if (!changed) throw how.missing()
    return changed
  })
}

function sentChanges(body: ProjectInput): ProjectChanges {
  const { name, title } = body
  return {
    ...(name === undefined ? {} : { name }),
    ...(title === undefined ? {} : { title }),
    ...(body.owner_id === undefined ? {} : { owner_id: sentReference('owner_id', body.owner_id) }),
    ...(body.group_id === undefined ? {} : { group_id: sentReference('group_id', body.group_id) }),
    ...(body.default_dashboard_id === undefined
      ? {}
      : { default_dashboard_id: sentReference('default_dashboard_id', body.default_dashboard_id) }),
  }
}

async function checkReferences(tx: Queryable, projectId: string, changes: ProjectChanges): Promise<void> {
  const { owner_id: owner, group_id: group, default_dashboard_id: dashboard } = changes
  if (owner && !(await holdAccount(tx, owner))) throw unknown('unknown_user', owner)
  if (group && !(await holdGroup(tx, group))) throw unknown('unknown_group', group)
  if (dashboard && !(await holdDashboard(tx, dashboard, projectId))) throw unknown('unknown_dashboard', dashboard)
}

function unknown(code: ErrorCode, id: string): Error {
  return fail(code, { id })
}

/** An id that a client sent for a column, null as null. */
function sentReference(field: string, value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : requiredUuid(field, value)
}
