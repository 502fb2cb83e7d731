import { changeAccess } from '../../access/access-changes.ts'
import type { Queryable } from '../../db/queryable.ts'
import { findUserByEmail, insertUser } from '../../features/user/user-sql.ts'
import { newId } from '../../ids/uuid.ts'
import { isRecord, type JsonRecord } from '../../json/json-record.ts'
import type { JobDefinition } from '../job-definition.ts'

/**
 * Gives projects owners and members, making accounts that are missing (jobs.md 7): `{project: {owner?, users?}}`, all by
 * name and e-mail. A project is one transaction. An unknown project is left out; with a name that two bear it ends there.
 */
export const seedUsersJob: JobDefinition<{ readonly projects: JsonRecord }> = {
  name: 'seed-users',
  async run(ctx, { projects }, { signal }) {
    for (const [name, wanted] of Object.entries(projects)) {
      signal.throwIfAborted()
      if (!isRecord(wanted)) continue
      const { rows } = await ctx.db.query<{ id: string }>({
        text: 'select id from projects where name = $1 limit 2',
        values: [name],
      })
      if (rows.length > 1) {
        ctx.log.warn({ project: name }, 'two projects have this name; no more accounts are seeded')
        break
      }
      const [project] = rows
      if (project) await changeAccess(ctx, (tx) => seedProject(tx, project.id, wanted))
    }
    return null
  },
}

async function seedProject(tx: Queryable, projectId: string, wanted: JsonRecord): Promise<void> {
  if (isAddress(wanted.owner)) {
    const ownerId = await ensureUser(tx, wanted.owner)
    await tx.query({ text: 'update projects set owner_id = $2 where id = $1', values: [projectId, ownerId] })
  }
  const users = Array.isArray(wanted.users) ? wanted.users.filter(isAddress) : []
  for (const email of users) {
    await tx.query({
      text: 'insert into users_projects (user_id, project_id) values ($1, $2) on conflict do nothing',
      values: [await ensureUser(tx, email), projectId],
    })
  }
}

const isAddress = (value: unknown): value is string => typeof value === 'string' && value.includes('@')

async function ensureUser(tx: Queryable, email: string): Promise<string> {
  const known = await findUserByEmail(tx, email)
  if (known) return known.id
  const id = newId()
  const name = email.slice(0, email.indexOf('@'))
  await insertUser(
    tx,
    { id, email, name, is_superadmin: false, is_active: true, group_id: null },
    { passwordHash: null },
  )
  return id
}
