import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { Queryable } from '../../db/queryable.ts'

/** A row of `projects` with what its answer shows besides; the members, dashboard and owner are JSON text. */
export interface ProjectRow {
  id: string
  name: string | null
  title: string | null
  owner_id: string | null
  group_id: string | null
  default_dashboard_id: string | null
  /** A list of accounts without their secrets (D1), by e-mail. */
  users: string
  /** Null when none is set, or when it is not the project's own (R2). */
  default_dashboard: string | null
  /** The account of `owner_id`, only with `columnsWithOwner`. */
  owner?: string | null
}

const assignable = ['name', 'title', 'owner_id', 'group_id', 'default_dashboard_id'] as const

/** What an update sets; what is missing stays. */
export type ProjectChanges = Readonly<Partial<Record<(typeof assignable)[number], string | null>>>

const accountObject = `json_build_object('id', u.id, 'email', u.email, 'name', u.name,
  'is_superadmin', u.is_superadmin, 'is_active', u.is_active, 'group_id', u.group_id)`

const columns = `projects.id, projects.name, projects.title, projects.owner_id, projects.group_id,
  projects.default_dashboard_id,
  coalesce((select json_agg(${accountObject} order by u.email) from users_projects m join users u on u.id = m.user_id
     where m.project_id = projects.id), '[]') as users,
  (select json_build_object('id', d.id, 'title', d.title, 'description', d.description, 'filters', d.filters,
      'project_id', d.project_id, 'user_id', d.user_id)
     from dashboards d where d.id = projects.default_dashboard_id and d.project_id = projects.id) as default_dashboard`

const owner = `(select ${accountObject} from users u where u.id = projects.owner_id) as owner`

/** What `toProject` needs, for a statement on the table `projects`; one statement fetches projects with all members. */
export const projectColumns: Sql = raw(columns)

/** The same with the owner's account, for administrators. */
export const projectColumnsWithOwner: Sql = raw(`${columns}, ${owner}`)

/** The order of every list of projects. */
export const projectOrder: Sql = raw('projects.name, projects.id')

/** One project by its id. */
export async function findProject(db: Queryable, id: string): Promise<ProjectRow | undefined> {
  const { rows } = await db.query<ProjectRow>({
    name: 'find-project',
    text: `select ${columns} from projects where id = $1`,
    values: [id],
  })
  return rows[0]
}

/** One project by its id, with its owner. */
export async function findProjectWithOwner(db: Queryable, id: string): Promise<ProjectRow | undefined> {
  const { rows } = await db.query<ProjectRow>({
    text: `select ${columns}, ${owner} from projects where id = $1`,
    values: [id],
  })
  return rows[0]
}

/** The projects of these ids with their members, ordered by name and id; ids that there are not are left out. */
export async function findProjects(db: Queryable, ids: readonly string[]): Promise<ProjectRow[]> {
  if (ids.length === 0) return []
  const { rows } = await db.query<ProjectRow>({
    text: `select ${columns} from projects where id = any($1::uuid[]) order by name, id`,
    values: [ids],
  })
  return rows
}

/** Whether there is a project of this id. */
export async function isProject(db: Queryable, id: string): Promise<boolean> {
  const { rows } = await db.query({ text: 'select from projects where id = $1', values: [id] })
  return rows.length === 1
}

/** Stores a new project and makes its owner a member, in one statement. False when its id is taken. */
export async function insertProject(
  tx: Queryable,
  row: Pick<ProjectRow, 'id' | 'name' | 'title' | 'group_id'> & { owner_id: string },
): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `with inserted as (
        insert into projects (id, name, title, owner_id, group_id) values ($1, $2, $3, $4, $5)
        on conflict (id) do nothing returning id, owner_id)
      insert into users_projects (user_id, project_id) select owner_id, id from inserted`,
    values: [row.id, row.name, row.title, row.owner_id, row.group_id],
  })
  return rowCount === 1
}

/** Sets the columns that are given and no others, so that concurrent updates of different columns all count. */
export async function updateProject(tx: Queryable, id: string, changes: ProjectChanges): Promise<void> {
  const settings = assignable
    .filter((column) => changes[column] !== undefined)
    .map((column) => sql`${raw(column)} = ${changes[column]}`)
  if (settings.length > 0) await tx.query(sql`update projects set ${join(settings)} where id = ${id}`)
}

/** Locks a project until the transaction ends, so that it and its references can be changed. False when it is gone. */
export async function lockProject(tx: Queryable, id: string): Promise<boolean> {
  const { rows } = await tx.query({ text: 'select from projects where id = $1 for no key update', values: [id] })
  return rows.length === 1
}

/** Whether there is an account of this id; it then stays until the transaction ends. */
export async function holdAccount(tx: Queryable, id: string): Promise<boolean> {
  const { rows } = await tx.query({ text: 'select from users where id = $1 for key share', values: [id] })
  return rows.length === 1
}

/** Whether there is a group of this id; it then stays until the transaction ends. */
export async function holdGroup(tx: Queryable, id: string): Promise<boolean> {
  const { rows } = await tx.query({ text: 'select from groups where id = $1 for key share', values: [id] })
  return rows.length === 1
}

/** Whether there is a dashboard of this id in the project; it then stays there until the transaction ends. */
export async function holdDashboard(tx: Queryable, id: string, projectId: string): Promise<boolean> {
  const { rows } = await tx.query({
    text: 'select from dashboards where id = $1 and project_id = $2 for share',
    values: [id, projectId],
  })
  return rows.length === 1
}

/** Makes the account of an id a member, unless it is one. */
export async function addMember(tx: Queryable, projectId: string, userId: string): Promise<void> {
  await tx.query({
    text: 'insert into users_projects (user_id, project_id) values ($1, $2) on conflict do nothing',
    values: [userId, projectId],
  })
}

/** Makes the accounts of these addresses members; unknown addresses are skipped. */
export async function addMembersByEmail(tx: Queryable, projectId: string, emails: readonly string[]): Promise<void> {
  await tx.query({
    text: `insert into users_projects (user_id, project_id)
      select id, $1 from users where email = any($2::text[]) order by id on conflict do nothing`,
    values: [projectId, emails],
  })
}

/**
 * Ends the membership of all but the accounts of these addresses and the owner. A list without any known address is taken
 * for a mistake: nobody is removed.
 */
export async function removeOtherMembers(tx: Queryable, projectId: string, emails: readonly string[]): Promise<void> {
  await tx.query({
    text: `delete from users_projects m
      where m.project_id = $1
        and exists (select from users where email = any($2::text[]))
        and not exists (select from users u where u.id = m.user_id and u.email = any($2::text[]))
        and m.user_id is distinct from (select owner_id from projects where id = $1)`,
    values: [projectId, emails],
  })
}
