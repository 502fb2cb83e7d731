import type { Client } from 'pg'

/** The alembic version of Ibutsu 3.1.1, the only one whose tables are known to be ours. */
export const originalStamp = 'd18de2b3253f'

const originalTables = [
  'artifacts',
  'dashboards',
  'groups',
  'import_files',
  'imports',
  'projects',
  'results',
  'runs',
  'tokens',
  'users',
  'users_projects',
  'widget_configs',
]

/** The database cannot be used as it is; the message tells an operator why. The process ends. */
export class SchemaError extends Error {
  override name = 'SchemaError'
}

export type SchemaState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'original' }
  | { readonly kind: 'ours'; readonly applied: ReadonlyMap<number, { name: string; breaking: boolean }> }

/** @throws SchemaError for a database that is neither empty nor Ibutsu's nor ours. */
export async function inspectSchema(client: Client): Promise<SchemaState> {
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[]) as name where to_regclass(quote_ident(name)) is not null`,
    [[...originalTables, 'alembic_version', 'ibutsu_ts_migrations']],
  )
  const found = new Set(rows.map(({ name }) => name))
  if (found.size === 0) return { kind: 'empty' }
  if (!found.has('alembic_version')) {
    throw new SchemaError(
      `the database has tables that Ibutsu uses (${[...found].join(', ')}) but no alembic_version: name an empty database, or one of Ibutsu 3.1.1`,
    )
  }
  await checkStamp(client)
  const missing = originalTables.filter((table) => !found.has(table))
  if (missing.length > 0) {
    throw new SchemaError(`the database is stamped ${originalStamp} but lacks the tables ${missing.join(', ')}`)
  }
  if (!found.has('ibutsu_ts_migrations')) return { kind: 'original' }
  const applied = await client.query<{ version: number; name: string; breaking: boolean }>(
    'select version, name, breaking from ibutsu_ts_migrations order by version',
  )
  return { kind: 'ours', applied: new Map(applied.rows.map((row) => [row.version, row])) }
}

/** Looked at on every start: an operator may have gone back to Ibutsu and let a newer one migrate. */
async function checkStamp(client: Client): Promise<void> {
  const { rows } = await client.query<{ version_num: string }>('select version_num from alembic_version')
  const stamps = rows.map((row) => row.version_num)
  if (stamps.length === 1 && stamps[0] === originalStamp) return
  throw new SchemaError(
    `the database is stamped with alembic version ${stamps.join(', ') || '(none)'}; this server adopts ${originalStamp} (Ibutsu 3.1.1) only`,
  )
}
