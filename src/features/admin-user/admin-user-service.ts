import type { components } from '../../../generated/types.ts'
import { changeAccess } from '../../access/access-changes.ts'
import type { Caller } from '../../access/caller.ts'
import type { AppContext } from '../../context.ts'
import type { Queryable } from '../../db/queryable.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { newId } from '../../ids/uuid.ts'
import { hashPassword, isPasswordTooLong } from '../login/password.ts'
import { toProject } from '../project/project-mapper.ts'
import { findProjects } from '../project/project-sql.ts'
import { toUser, type User } from '../user/user-mapper.ts'
import {
  EMAIL_INDEX,
  endLogins,
  findUser,
  findUserByEmail,
  insertUser,
  lockUser,
  type UserRow,
} from '../user/user-sql.ts'
import {
  deleteUserRow,
  findMemberships,
  holdProjects,
  lockSuperadmins,
  replaceMemberships,
  updateUser,
} from './admin-user-sql.ts'

type UserInput = components['schemas']['UserInput']

/** Accounts as administrators see them: with the projects that they are members of, each with its members. */
export async function withProjects(db: Queryable, users: readonly UserRow[]): Promise<User[]> {
  const memberships = await findMemberships(
    db,
    users.map(({ id }) => id),
  )
  const projects = await findProjects(db, [...new Set(memberships.map(({ project_id }) => project_id))])
  const pairs = new Set(memberships.map(({ user_id, project_id }) => `${user_id} ${project_id}`))
  return users.map((user) => ({
    ...toUser(user),
    projects: projects.filter(({ id }) => pairs.has(`${user.id} ${id}`)).map(toProject),
  }))
}

/**
 * Makes an account (access.md 5): neither active nor superadmin unless the body says so.
 *
 * @throws ApiError `email_taken`, `id_taken`, `unknown_group`, `unknown_project`, `invalid_uuid`, `invalid_value` for
 *   a password that is too long.
 */
export async function createUser(ctx: AppContext, body: UserInput): Promise<UserRow> {
  const { email } = body
  const row: UserRow = {
    id: body.id === undefined ? newId() : requiredUuid('id', body.id),
    email,
    name: body.name ?? null,
    is_superadmin: body.is_superadmin ?? false,
    is_active: body.is_active ?? false,
    group_id: sentGroup(body) ?? null,
  }
  const projectIds = sentProjects(body)
  if (await findUserByEmail(ctx.db, email)) throw fail('email_taken', { email })
  const passwordHash = await hashSent(ctx, body)
  let tries = 0
  await refusing(row, () =>
    changeAccess(ctx, async (tx) => {
      tries++
      // A second try may meet what the first one stored, when the answer to its commit was lost.
      if (tries > 1 && (await findUser(tx, row.id))?.email === email) return
      await insertUser(tx, row, { passwordHash })
      await setMemberships(tx, row.id, projectIds)
    }),
  )
  return row
}

/**
 * Changes an account: keys that are not sent stay, but for `projects`, which replaces the membership and empties it
 * when it is missing (data-model.md 5.3). A password of null says nothing (R3); a new one ends earlier logins (D24).
 * Without an active superadmin nobody could undo a change, so the last one stays, as when it is deleted.
 *
 * @throws ApiError as `createUser`, `admin_not_found`, and `demote_last_superadmin`.
 */
export async function changeUser(ctx: AppContext, id: string, body: UserInput): Promise<UserRow> {
  const projectIds = sentProjects(body)
  const groupId = sentGroup(body)
  const passwordHash = await hashSent(ctx, body)
  return refusing({ id, email: body.email, group_id: groupId ?? null }, () =>
    changeAccess(ctx, async (tx) => {
      if (body.is_superadmin === false || body.is_active === false) await keepSuperadmin(tx, id)
      const stored = await lockUser(tx, id)
      if (!stored) throw fail('admin_not_found', { what: 'User' })
      const row: UserRow = {
        id,
        email: body.email,
        name: body.name === undefined ? stored.name : body.name,
        is_superadmin: body.is_superadmin ?? stored.is_superadmin,
        is_active: body.is_active ?? stored.is_active,
        group_id: groupId === undefined ? stored.group_id : groupId,
      }
      await updateUser(tx, row, passwordHash)
      if (passwordHash !== null) await endLogins(tx, id)
      await setMemberships(tx, id, projectIds)
      return row
    }),
  )
}

/**
 * Deletes an account; what it owned passes to the caller, who does not become a member of it (data-model.md 1).
 *
 * @throws ApiError `delete_self`, `delete_last_superadmin`, `admin_not_found`, and `admin_only` for a caller who has
 *   ceased to be a superadmin meanwhile.
 */
export async function deleteUser(ctx: AppContext, caller: Caller, id: string): Promise<void> {
  if (id === caller.id) throw fail('delete_self')
  let tries = 0
  await changeAccess(ctx, async (tx) => {
    tries++
    const superadmins = await lockSuperadmins(tx)
    if (superadmins.size === 1 && superadmins.has(id)) throw fail('delete_last_superadmin')
    if (!superadmins.has(caller.id)) throw fail('admin_only')
    // On a second try the first one's commit may have done it already.
    if (!(await deleteUserRow(tx, id, caller.id)) && tries === 1) throw fail('admin_not_found', { what: 'User' })
  })
}

/** Refuses to go on when this account is the only one that administers; the others stay so until the transaction ends. */
async function keepSuperadmin(tx: Queryable, id: string): Promise<void> {
  const superadmins = await lockSuperadmins(tx)
  if (superadmins.size === 1 && superadmins.has(id)) throw fail('demote_last_superadmin')
}

async function setMemberships(tx: Queryable, userId: string, projectIds: readonly string[]): Promise<void> {
  const known = await holdProjects(tx, projectIds)
  const unknown = projectIds.find((id) => !known.has(id))
  if (unknown) throw fail('unknown_project', { id: unknown })
  await replaceMemberships(tx, userId, projectIds)
}

function sentProjects(body: UserInput): string[] {
  return (body.projects ?? []).map(({ id }) => requiredUuid('projects', id))
}

function sentGroup({ group_id }: UserInput): string | null | undefined {
  return group_id === undefined || group_id === null ? group_id : requiredUuid('group_id', group_id)
}

async function hashSent(ctx: AppContext, { password }: UserInput): Promise<string | null> {
  if (password === undefined || password === null) return null
  if (isPasswordTooLong(password)) throw fail('invalid_value', { detail: 'Password is too long (max 72 bytes)' })
  return hashPassword(ctx, password)
}

/** Runs a change; what the database finds taken or missing becomes the client's error. */
async function refusing<T>(
  { id, email, group_id }: Pick<UserRow, 'id' | 'email' | 'group_id'>,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change()
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === EMAIL_INDEX) throw fail('email_taken', { email })
    if (constraint === 'users_pkey') throw fail('id_taken', { what: 'User', id })
    if (constraint === 'users_group_id_fkey') throw fail('unknown_group', { id: group_id ?? '' })
    throw error
  }
}
