import { readFile } from 'node:fs/promises'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { migrate, runDeferredMigrations } from '../../../src/db/migrate.ts'
import { type Migration, parseMigration, readMigrations } from '../../../src/db/migrations.ts'
import { SchemaError } from '../../../src/db/schema-state.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../../helpers/database.ts'

const log = pino({ level: 'silent' })
const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')
const originalSchema = 'src/db/migrations/0001-original-schema.sql'
const originalIndexes = 'test/fixtures/db/original-indexes.sql'
const originalRows = 'test/fixtures/db/original-rows.sql'
const files = await readMigrations()
const all = files.map(({ version }) => version)

const opened: TestDatabase[] = []
afterEach(async () => {
  for (const database of opened.splice(0)) await database.drop()
})

async function openEmpty(): Promise<string> {
  const database = await createTestDatabase({ empty: true })
  opened.push(database)
  return database.url
}

async function openOriginal(): Promise<string> {
  const url = await openEmpty()
  await runSql(url, await read(originalSchema), await read(originalIndexes), await read(originalRows))
  return url
}

const up = (url: string, migrations?: readonly Migration[]) =>
  migrate({ url, log, pollMs: 10, ...(migrations && { migrations }) })
const upLater = (url: string, migrations?: readonly Migration[]) =>
  runDeferredMigrations({ url, log, pollMs: 10, ...(migrations && { migrations }) })

/** Columns, defaults and constraints of every table but ours. */
async function describeTables(url: string, ours: readonly string[] = []) {
  const columns = await runSql<{ table_name: string }>(
    url,
    `select table_name, column_name, data_type, is_nullable, column_default, ordinal_position,
        character_maximum_length
      from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position`,
  )
  const constraints = await runSql<{ table_name: string }>(
    url,
    `select conrelid::regclass::text as table_name, conname, pg_get_constraintdef(oid) as definition
      from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`,
  )
  return [...columns, ...constraints].filter(({ table_name }) => !ours.includes(table_name))
}

async function tableNames(url: string): Promise<string[]> {
  const rows = await runSql<{ name: string }>(
    url,
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** Every row of every table as text, with its physical place: a rewritten row would have another. */
async function dump(url: string, tables: readonly string[]): Promise<Record<string, string[]>> {
  const dumped: Record<string, string[]> = {}
  for (const table of tables) {
    const rows = await runSql<{ line: string }>(url, `select ctid || ' ' || t::text as line from ${table} t order by 1`)
    dumped[table] = rows.map(({ line }) => line)
  }
  return dumped
}

const indexes = (url: string) =>
  runSql<{ name: string; definition: string }>(
    url,
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = 'public' order by 1`,
  )

const validIndexes = async (url: string) =>
  (await runSql<{ n: string }>(url, 'select count(*) as n from pg_index where not indisvalid'))[0]?.n === '0'

test('an empty database gets the whole schema at once', async () => {
  const url = await openEmpty()
  expect(await up(url)).toEqual({ found: 'empty', applied: all, deferred: [] })
  expect(await runSql(url, 'select version_num from alembic_version')).toEqual([{ version_num: 'd18de2b3253f' }])
  expect(await up(url)).toEqual({ found: 'ours', applied: [], deferred: [] })
  expect(await upLater(url)).toEqual([])
})

test('an original database is adopted: no row, no column and no key changes', async () => {
  const url = await openOriginal()
  const tables = await tableNames(url)
  const before = { rows: await dump(url, tables), shape: await describeTables(url) }
  expect(Object.values(before.rows).every((lines) => lines.length > 0)).toBe(true)

  const report = await up(url)
  expect(report.found).toBe('original')
  expect(report.applied).not.toContain(1)
  expect(report.deferred).toEqual(files.filter(({ deferred }) => deferred).map(({ version }) => version))
  expect(await upLater(url)).toEqual(report.deferred)

  const ours = (await tableNames(url)).filter((name) => !tables.includes(name))
  expect(ours).toContain('run_changes')
  expect(await describeTables(url, ours)).toEqual(before.shape)
  expect(await dump(url, tables)).toEqual(before.rows)

  expect(await up(url)).toEqual({ found: 'ours', applied: [], deferred: [] })
  expect(await upLater(url)).toEqual([])
  expect(await dump(url, tables)).toEqual(before.rows)
})

test('an adopted database ends with the same indexes as a fresh one', async () => {
  const [adopted, fresh] = [await openOriginal(), await openEmpty()]
  await up(adopted)
  await upLater(adopted)
  await up(fresh)
  expect(await indexes(adopted)).toEqual(await indexes(fresh))
})

test('long texts and odd percentages can be written (D32)', async () => {
  const url = await openOriginal()
  // Text that does not compress below the limit of a btree key.
  const long = `(select string_agg(md5(n::text || 'é'), '') from generate_series(1, 313) n)`
  const insert = `insert into results (id, start_time, test_id, source, env, component, data)
    select gen_random_uuid(), now(), t, t, t, t, jsonb_build_object('exception_name', t, 'assignee', t, 'classification',
      t, 'jenkins', jsonb_build_object('job_name', t, 'build_number', t)) from (select ${long} as t) x`
  const insertRun = `insert into runs (id, start_time, created, source, env, component, summary, data)
    select gen_random_uuid(), now(), now(), t, t, t, '{"pass_percent": "x"}', jsonb_build_object('jenkins',
      jsonb_build_object('job_name', t, 'build_number', t)) from (select ${long} as t) x`
  await expect(runSql(url, insert)).rejects.toThrow('index row')
  await up(url)
  await upLater(url)
  await runSql(url, insert, insertRun, `update runs set summary = '{"pass_percent": 50.5}'`)
  await runSql(
    url,
    `insert into projects (id, name, title) select gen_random_uuid(), t, t from (select ${long} as t) x`,
  )
})

test('the way back in docs/adoption.md restores every index of the original', async () => {
  const url = await openOriginal()
  const [tables, before] = [await tableNames(url), await indexes(url)]
  await up(url)
  await upLater(url)
  const doc = await read('docs/adoption.md')
  const back = /## The way back[\s\S]*?```sql\n([\s\S]*?)```/.exec(doc)?.[1] ?? ''
  // The documented statements build concurrently, which one multi-statement query cannot.
  for (const statement of back.split(/;\n/)) if (statement.trim()) await runSql(url, statement)
  expect(await indexes(url)).toEqual(before)
  expect(await tableNames(url)).toEqual(tables)
})

test('a database with another stamp is refused by name and left alone', async () => {
  const url = await openOriginal()
  await runSql(url, `update alembic_version set version_num = 'e5736dbcc0b0'`)
  const tables = await tableNames(url)
  await expect(up(url)).rejects.toThrow(SchemaError)
  await expect(up(url)).rejects.toThrow('e5736dbcc0b0')
  expect(await tableNames(url)).toEqual(tables)
  await runSql(url, 'delete from alembic_version')
  await expect(up(url)).rejects.toThrow('(none)')
  await runSql(url, 'drop table alembic_version')
  await expect(up(url)).rejects.toThrow('no alembic_version')
})

test('an adopted database that Ibutsu then took further is refused', async () => {
  const url = await openOriginal()
  await up(url)
  await runSql(url, `update alembic_version set version_num = 'ffffffffffff'`)
  await expect(up(url)).rejects.toThrow('ffffffffffff')
})

test('tables of somebody else do not stand in the way', async () => {
  const url = await openEmpty()
  await runSql(url, 'create table shopping (id integer)')
  expect((await up(url)).found).toBe('empty')
})

test('processes that migrate at the same time take turns', async () => {
  const url = await openOriginal()
  const reports = await Promise.all([up(url), up(url), up(url)])
  expect(reports.map(({ found }) => found).sort()).toEqual(['original', 'ours', 'ours'])
  const later = await Promise.all([upLater(url), upLater(url), up(url)])
  expect(later.filter((versions) => Array.isArray(versions) && versions.length > 0)).toHaveLength(1)
  expect(await validIndexes(url)).toBe(true)

  const fresh = await openEmpty()
  const made = await Promise.all([up(fresh), up(fresh)])
  expect(made.map(({ found }) => found).sort()).toEqual(['empty', 'ours'])
})

test('a newer schema stops the program only where a migration is marked breaking', async () => {
  const url = await openEmpty()
  const newer = (header: string) =>
    parseMigration('9001-newer.sql', `-- Something new.\n${header}\ncreate table newer (id integer);\n`)
  await up(url, [...files, newer('')])
  expect((await up(url)).found).toBe('ours')

  const other = await openEmpty()
  await up(other, [...files, newer('-- breaking: yes\n')])
  await expect(up(other)).rejects.toThrow(/newer.*9001 \(newer\)/)
})

test('a failing migration leaves nothing of itself', async () => {
  const url = await openEmpty()
  const broken = parseMigration('9001-broken.sql', '-- x\n\ncreate table half (id integer);\nselect 1 / 0;\n')
  await expect(up(url, [...files, broken])).rejects.toThrow('division by zero')
  expect(await tableNames(url)).toEqual([])
  await up(url)
  await expect(up(url, [...files, broken])).rejects.toThrow('division by zero')
  expect(await tableNames(url)).not.toContain('half')
})

test('an index build that was cut off is made again', async () => {
  const url = await openOriginal()
  await up(url)
  await runSql(
    url,
    'create index ix_results_project_id_test_id_start_time on results (project_id)',
    `update pg_index set indisvalid = false where indexrelid = 'ix_results_project_id_test_id_start_time'::regclass`,
  )
  await upLater(url)
  const made = (await indexes(url)).find(({ name }) => name === 'ix_results_project_id_test_id_start_time')
  expect(made?.definition).toContain('test_id')
  expect(await validIndexes(url)).toBe(true)
})

test('migrations are exempt from a statement timeout of the role', async () => {
  const url = await openEmpty()
  await runSql(
    url,
    `do $$ begin execute format('alter database %I set statement_timeout = 50', current_database()); end $$`,
  )
  const slow = parseMigration('9001-slow.sql', '-- x\n\nselect pg_sleep(0.1);\n')
  await up(url, [slow])
})
