import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type Client } from 'pg'
import type { Logger } from 'pino'
import { isConflict, isHeld } from './away.ts'
import { toClientConfig } from './connection.ts'
import { type Migration, readMigrations, splitStatements } from './migrations.ts'
import { createRetrier } from './retry.ts'
import { inspectSchema, SchemaError } from './schema-state.ts'

/*
 * How a database comes to our schema. Under one advisory lock, in this order:
 *
 *   empty      no table of Ibutsu's or ours       → every migration, deferred ones too, in one transaction
 *   original   alembic stamp d18de2b3253f         → adopted: 0001 only recorded, the rest applied
 *   ours       our table of migrations            → those missing are applied, if the stamp is still the same
 *   anything else                                 → SchemaError, nothing is touched
 *
 * `migrate` does what must be done before serving. Deferred migrations (index builds over existing data, which may
 * take an hour) are left to `runDeferredMigrations`, after serving has begun, so that no probe kills them.
 */

/** An arbitrary number, the same in every release: who holds it may change the schema. */
const lockKey = 7_420_651_309
const originalVersion = 1

/*
 * A trigger or a foreign key needs a lock on a table in use. It waits for every transaction that writes there, an import of
 * minutes, and whoever comes later waits behind it. So a migration gives up soon, takes back what it did, lets the others
 * through and tries again, for as long as it takes, each time with a little more patience. That stays below PostgreSQL's
 * deadlock_timeout (1 s): of two that wait for each other it is never the client who loses. Nor does it wait for one table
 * while it holds another: who writes to both would wait for it, and it for them, until it gave up, each time.
 */
const lockTimeoutMs = { first: 200, more: 50, most: 700 }
const lockPauseMs = 500
const lockTellMs = 30_000

export interface MigrateOptions {
  /** A direct connection: behind PgBouncer an advisory lock has no owner. */
  readonly url: string
  readonly log: Logger
  /** For tests; the default is the program's own. */
  readonly migrations?: readonly Migration[]
  readonly retryMs?: number
  readonly pollMs?: number
}

export interface MigrateReport {
  readonly found: 'empty' | 'original' | 'ours'
  readonly applied: readonly number[]
  /** Versions that wait for `runDeferredMigrations`. */
  readonly deferred: readonly number[]
}

/**
 * Brings the database to the program's schema as far as serving needs it. Replicas take turns; a second one finds
 * nothing to do.
 * @throws SchemaError when the database is not ours to migrate: another alembic stamp, foreign tables under Ibutsu's
 *   names, or a newer schema with a migration marked breaking
 */
export function migrate(options: MigrateOptions): Promise<MigrateReport> {
  return underLock(options, async (client, migrations) => {
    const { log } = options
    const state = await inspectSchema(client)
    if (state.kind === 'empty') {
      await createEverything(client, migrations)
      log.info({ versions: migrations.length }, 'the schema was created')
      return { found: 'empty', applied: migrations.map(({ version }) => version), deferred: [] }
    }
    if (state.kind === 'original') {
      await adopt(client, migrations)
      log.info('an existing Ibutsu database was adopted')
    } else {
      refuseNewer(state.applied, migrations, log)
    }
    const applied: number[] = []
    const missing = await findMissing(client, migrations)
    for (const migration of missing.filter(({ deferred }) => !deferred)) {
      await apply(client, migration, log)
      applied.push(migration.version)
    }
    const deferred = missing.filter((migration) => migration.deferred).map(({ version }) => version)
    return { found: state.kind, applied, deferred }
  })
}

/** Applies what `migrate` left for later and returns the versions. Cut off anywhere, it starts again with the one it was at. */
export function runDeferredMigrations(options: MigrateOptions): Promise<readonly number[]> {
  return underLock(options, async (client, migrations) => {
    const applied: number[] = []
    for (const migration of await findMissing(client, migrations)) {
      await apply(client, migration, options.log)
      applied.push(migration.version)
    }
    return applied
  })
}

async function underLock<T>(
  options: MigrateOptions,
  work: (client: Client, migrations: readonly Migration[]) => Promise<T>,
): Promise<T> {
  const { url, log, retryMs = 30_000, pollMs = 200 } = options
  const migrations = options.migrations ?? (await readMigrations())
  const config = toClientConfig(url, { applicationName: 'ibutsu migrate', statementTimeoutMs: 0 })
  const client = await createRetrier({ retryMs, log }).run(async () => {
    const next = new pg.Client(config)
    next.on('error', () => undefined)
    await next.connect()
    return next
  })
  try {
    // Waiting for the lock in the server would hold a snapshot open that `create index concurrently` waits for.
    for (let told = false; !(await tryLock(client)); told = true) {
      if (!told) log.info('another process is migrating the database, waiting for it')
      await sleep(pollMs)
    }
    return await work(client, migrations)
  } finally {
    // The lock ends with the session.
    await client.end()
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1::bigint) as locked', [
    lockKey,
  ])
  return rows[0]?.locked === true
}

const createTable = `create table if not exists ibutsu_ts_migrations (
  version integer primary key,
  name text not null,
  breaking boolean not null,
  applied_at timestamptz not null default now()
)`

async function createEverything(client: Client, migrations: readonly Migration[]): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(createTable)
    for (const migration of migrations) {
      // Nothing to wait for on empty tables, and one transaction leaves no half-made schema behind.
      await client.query(migration.sql.replace(/\bindex concurrently\b/g, 'index'))
      await record(client, migration)
    }
  })
}

async function adopt(client: Client, migrations: readonly Migration[]): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(createTable)
    const original = migrations.find(({ version }) => version === originalVersion)
    if (original !== undefined) await record(client, original)
  })
}

function refuseNewer(
  applied: ReadonlyMap<number, { name: string; breaking: boolean }>,
  migrations: readonly Migration[],
  log: Logger,
): void {
  const known = new Set(migrations.map(({ version }) => version))
  for (const [version, { name, breaking }] of applied) {
    if (known.has(version)) continue
    if (breaking) {
      throw new SchemaError(
        `the database is newer than this program: its migration ${version} (${name}) needs a newer release`,
      )
    }
    log.warn({ version, name }, 'the database has a migration that this program does not know; it works without it')
  }
}

async function findMissing(client: Client, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows } = await client.query<{ version: number }>('select version from ibutsu_ts_migrations')
  const applied = new Set(rows.map(({ version }) => version))
  return migrations.filter(({ version }) => !applied.has(version))
}

async function apply(client: Client, migration: Migration, log: Logger): Promise<void> {
  const began = performance.now()
  if (migration.transactional) {
    await untilUnlocked(log, migration, (tries) =>
      inTransaction(client, async () => {
        const { first, more, most } = lockTimeoutMs
        await client.query(`set local lock_timeout = ${Math.min(first + more * tries, most)}`)
        await lockTables(client, tries % 2 === 0 ? migration.locks : migration.locks.toReversed())
        await client.query(migration.sql)
        await record(client, migration)
      }),
    )
  } else {
    for (const statement of splitStatements(migration.sql)) {
      await dropInvalidIndex(client, statement)
      await client.query(statement)
    }
    await record(client, migration)
  }
  const { version, name } = migration
  log.info({ version, name, ms: Math.round(performance.now() - began) }, 'a migration was applied')
}

/** What the migration needs, at once: it waits for the first one only. */
async function lockTables(client: Client, tables: readonly string[]): Promise<void> {
  for (const [place, table] of tables.entries()) {
    const wait = place === 0 ? '' : 'nowait'
    await client.query(`lock table ${pg.escapeIdentifier(table)} in share row exclusive mode ${wait}`)
  }
}

async function untilUnlocked(
  log: Logger,
  { version, name }: Migration,
  work: (tries: number) => Promise<void>,
): Promise<void> {
  let tellAt = 0
  for (let tries = 0; ; tries++) {
    try {
      return await work(tries)
    } catch (error) {
      if (!isHeld(error) && !isConflict(error)) throw error
      if (performance.now() > tellAt) {
        tellAt = performance.now() + lockTellMs
        log.warn({ version, name }, 'a migration waits for transactions that write to the tables it changes')
      }
      // Not in step with those that come and go.
      await sleep(lockPauseMs * (0.5 + Math.random()))
    }
  }
}

/** A concurrent build that was cut off leaves an invalid index, which `if not exists` would take for the real one. */
async function dropInvalidIndex(client: Client, statement: string): Promise<void> {
  const [, index] = /^create (?:unique )?index concurrently if not exists (\w+)/i.exec(statement) ?? []
  if (index === undefined) return
  const { rows } = await client.query('select from pg_index where indexrelid = to_regclass($1) and not indisvalid', [
    index,
  ])
  if (rows.length > 0) await client.query(`drop index concurrently ${pg.escapeIdentifier(index)}`)
}

async function record(client: Client, { version, name, breaking }: Migration): Promise<void> {
  await client.query('insert into ibutsu_ts_migrations (version, name, breaking) values ($1, $2, $3)', [
    version,
    name,
    breaking,
  ])
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    await work()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
