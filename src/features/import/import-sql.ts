import sql, { raw, type Sql } from 'sql-template-tag'
import type { ProjectScope } from '../../access/caller.ts'
import type { Queryable } from '../../db/queryable.ts'
import type { RawJson } from '../../json/raw-json.ts'

/** A row of `imports`; JSON and moments are PostgreSQL's text. */
export interface ImportRow {
  id: string
  filename: string | null
  format: string | null
  data: RawJson | null
  status: string | null
  created: string
}

/** An import with what decides who may see it; `owner_id` is null for those of Ibutsu, and when the account is gone. */
export interface PlacedImportRow extends ImportRow {
  project_id: string | null
  owner_id: string | null
}

const columns = 'id, filename, format, data, status, created'
export const importColumns: Sql = raw(columns)

/** One import by its id. */
export async function findImport(db: Queryable, id: string): Promise<PlacedImportRow | undefined> {
  const { rows } = await db.query<PlacedImportRow>({
    name: 'find-import',
    text: `select i.id, i.filename, i.format, i.data, i.status, i.created, i.data ->> 'project_id' as project_id,
        o.user_id as owner_id
      from imports i left join import_owners o on o.import_id = i.id
      where i.id = $1`,
    values: [id],
  })
  return rows[0]
}

/** Stores an import and who sent it. The same id again changes nothing, for a second try after a lost connection. */
export async function insertImport(tx: Queryable, row: ImportRow, ownerId: string): Promise<void> {
  const { id, filename, format, data, status, created } = row
  await tx.query({
    text: `insert into imports (${columns}) values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`,
    values: [id, filename, format, data, status, created],
  })
  await tx.query({
    text: 'insert into import_owners (import_id, user_id) values ($1, $2) on conflict (import_id) do nothing',
    values: [id, ownerId],
  })
}

/** The imports that a caller's lists show (D3): those of their projects, and their own without a project. */
export function importsWithin(scope: ProjectScope, callerId: string): Sql {
  if (scope.all) return raw('true')
  return sql`(imports.data ->> 'project_id' = any(${[...scope.ids]}::text[])
    or (imports.data ->> 'project_id' is null
      and exists (select from import_owners o where o.import_id = imports.id and o.user_id = ${callerId}::uuid)))`
}
