import type { Queryable } from '../../db/queryable.ts'
import type { UserRow } from '../user/user-sql.ts'

/** The projects that each of the accounts is a member of, as pairs ordered by project. */
export async function findMemberships(
  db: Queryable,
  userIds: readonly string[],
): Promise<{ user_id: string; project_id: string }[]> {
  const { rows } = await db.query<{ user_id: string; project_id: string }>({
    text: 'select user_id, project_id from users_projects where user_id = any($1::uuid[])',
    values: [userIds],
  })
  return rows
}

/**
 * Writes the visible columns of an account, and its password where there is a new hash. A deactivated account loses its
 * code, so that it can't activate itself with one that an earlier recovery mailed.
 */
export async function updateUser(tx: Queryable, row: UserRow, passwordHash: string | null): Promise<void> {
  await tx.query({
    text: `update users set email = $2, name = $3, is_superadmin = $4, is_active = $5, group_id = $6,
        _password = coalesce($7, _password),
        activation_code = case when $5 or not is_active then activation_code end
      where id = $1`,
    values: [row.id, row.email, row.name, row.is_superadmin, row.is_active, row.group_id, passwordHash],
  })
}

/** Which of the projects there are; these stay until the transaction ends. */
export async function holdProjects(tx: Queryable, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>({
    text: 'select id from projects where id = any($1::uuid[]) order by id for key share',
    values: [ids],
  })
  return new Set(rows.map(({ id }) => id))
}

/** Makes an account a member of these projects and of no others. */
export async function replaceMemberships(tx: Queryable, userId: string, projectIds: readonly string[]): Promise<void> {
  await tx.query({
    text: 'delete from users_projects where user_id = $1 and project_id <> all($2::uuid[])',
    values: [userId, projectIds],
  })
  await tx.query({
    text: `insert into users_projects (user_id, project_id)
      select $1, id from unnest($2::uuid[]) as id order by id on conflict do nothing`,
    values: [userId, projectIds],
  })
}

/**
 * The ids of the superadmins that can log in, locked in one order: of two that delete or demote each other, the second
 * waits and sees.
 */
export async function lockSuperadmins(tx: Queryable): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>({
    text: 'select id from users where is_superadmin and is_active order by id for update',
  })
  return new Set(rows.map(({ id }) => id))
}

/** Deletes an account with its memberships and tokens; what it owned passes to the heir. False when it is gone. */
export async function deleteUserRow(tx: Queryable, id: string, heir: string): Promise<boolean> {
  await tx.query({ text: 'delete from users_projects where user_id = $1', values: [id] })
  await tx.query({ text: 'delete from tokens where user_id = $1', values: [id] })
  await tx.query({ text: 'update projects set owner_id = $2 where owner_id = $1', values: [id, heir] })
  await tx.query({ text: 'update dashboards set user_id = $2 where user_id = $1', values: [id, heir] })
  const { rowCount } = await tx.query({ text: 'delete from users where id = $1', values: [id] })
  return rowCount === 1
}
