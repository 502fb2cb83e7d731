import sql, { type Sql } from 'sql-template-tag'
import type { Queryable } from '../../db/queryable.ts'
import type { RawJson } from '../../json/raw-json.ts'

/** A row of `groups`; JSON is PostgreSQL's text. */
export interface GroupRow {
  id: string
  name: string | null
  data: RawJson | null
}

const columns = 'id, name, data'
export const groupColumns: Sql = sql`id, name, data`

/** One group by its id. */
export async function findGroup(db: Queryable, id: string): Promise<GroupRow | undefined> {
  const { rows } = await db.query<GroupRow>({ text: `select ${columns} from groups where id = $1`, values: [id] })
  return rows[0]
}

/** One group, locked until the transaction ends. */
export async function lockGroup(tx: Queryable, id: string): Promise<GroupRow | undefined> {
  const { rows } = await tx.query<GroupRow>({
    text: `select ${columns} from groups where id = $1 for no key update`,
    values: [id],
  })
  return rows[0]
}

/** Stores a new group. False when its id is taken. */
export async function insertGroup(db: Queryable, row: GroupRow): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into groups (${columns}) values ($1, $2, $3) on conflict (id) do nothing`,
    values: [row.id, row.name, row.data],
  })
  return rowCount === 1
}

/** Writes all columns of a group. */
export async function updateGroupRow(tx: Queryable, row: GroupRow): Promise<void> {
  await tx.query({
    text: 'update groups set name = $2, data = $3 where id = $1',
    values: [row.id, row.name, row.data],
  })
}
