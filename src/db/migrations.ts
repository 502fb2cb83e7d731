import { readdir, readFile } from 'node:fs/promises'

const folder = new URL('./migrations/', import.meta.url)

/**
 * One file `migrations/NNNN-name.sql`. Its leading comment may hold
 * - `-- transactional: no`: each statement for itself (`create index concurrently`). It may be cut off anywhere and is
 *   then run again from its start, so each statement must bear that (`if not exists`, `if exists`).
 * - `-- deferred: yes`: run when serving has begun already, so the program must work without it.
 * - `-- locks: runs, results`: tables in use that it puts triggers or foreign keys on, where there are several.
 * - `-- breaking: yes`: a program that does not know this migration must not run on the database.
 */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
  readonly transactional: boolean
  readonly deferred: boolean
  readonly breaking: boolean
  readonly locks: readonly string[]
}

/**
 * The migrations of this program in order. A shipped file never changes.
 * @throws Error when two files bear one version
 */
export async function readMigrations(): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const migrations = await Promise.all(
    files.map(async (file) => parseMigration(file, await readFile(new URL(file, folder), 'utf8'))),
  )
  const twice = migrations.find(({ version }, n) => migrations[n - 1]?.version === version)
  if (twice !== undefined) throw new Error(`two migrations bear the version ${twice.version}`)
  return migrations
}

/** @throws Error when the file's name is not NNNN-name.sql. */
export function parseMigration(file: string, sql: string): Migration {
  const [, version, name] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file) ?? []
  if (version === undefined || name === undefined) throw new Error(`${file} is not called NNNN-name.sql`)
  const header = /^(--.*\n)*/.exec(sql)?.[0] ?? ''
  const says = (key: string, value: string) => header.includes(`\n-- ${key}: ${value}\n`)
  return {
    version: Number(version),
    name,
    sql,
    transactional: !says('transactional', 'no'),
    deferred: says('deferred', 'yes'),
    breaking: says('breaking', 'yes'),
    locks: /^-- locks: (.+)$/m.exec(header)?.[1]?.split(', ') ?? [],
  }
}

/** The statements of a migration that is not transactional: each ends in a semicolon at the end of a line. */
export function splitStatements(sql: string): readonly string[] {
  return sql
    .replace(/^\s*--.*$/gm, '')
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
