import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMigrations } from '../../src/db/migrations.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { logIn, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { findDifferences, settle } from './helpers/consistency.ts'
import { watchLocks } from './helpers/lock-watch.ts'
import {
  fillOriginal,
  fingerprint,
  type OriginalClients,
  originalTables,
  startOriginalClients,
} from './helpers/original-database.ts'
import { isLong, say } from './helpers/say.ts'

const RESULTS = isLong ? 1_000_000 : 20_000
/** As long as an import of Ibutsu's, which is one transaction. */
const LONG_MS = 1_500
const MOST_MS = 1_000

describe('an Ibutsu database, the way here and the way back', () => {
  let database: TestDatabase
  let server: Supervisor | undefined
  let before: Record<string, string>
  let old: OriginalClients | undefined
  const written: { id: string; run: string }[] = []

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true })
    await fillOriginal(database.url, RESULTS)
    before = await fingerprint(database.url, originalTables)
  }, 1_800_000)
  afterAll(async () => {
    await server?.kill()
    await old?.stop()
    await database?.drop()
  })

  const env = { ROLES: 'web,worker', IBUTSU_SUPERADMIN_EMAIL: 'drill@example.com', LOG_LEVEL: 'info' }
  const isAdopted = async () => {
    const all = (await readMigrations()).length
    const [row] = await runSql<{ done: boolean }>(
      database.url,
      `select (select count(*) from ibutsu_ts_migrations) = ${all} and not exists (select from rollup_fields where not ready)
        as done`,
    ).catch(() => [])
    return row?.done === true
  }
  const expectEverything = async () => {
    expect(await fingerprint(database.url, originalTables)).toEqual(before)
    const found = await runSql<{ id: string }>(database.url, `select id from results where component = 'old'`)
    const ids = new Set(found.map(({ id }) => id))
    expect(written.filter(({ id }) => !ids.has(id))).toEqual([])
    expect(await settle(database.url)).toEqual([])
    expect(await findDifferences(database.url)).toEqual([])
  }

  test(`adoption of ${RESULTS} results while old clients work`, { timeout: 900_000 }, async () => {
    const runs = await runSql<{ id: string }>(
      database.url,
      `select id from runs where id::text like '00000000-%' order by random() limit 500`,
    )
    // Index builds wait for open transactions, so that long ones would only draw the rest out.
    let isServing = false
    old = startOriginalClients(database.url, { longMs: () => (isServing ? 50 : LONG_MS) })
    const watch = await watchLocks(
      database.url,
      runs.map(({ id }) => id),
    )
    await eventually(
      async () => old?.written.length ?? 0,
      (count) => count > 50,
      20_000,
    )
    const began = performance.now()
    const seconds = () => ((performance.now() - began) / 1000).toFixed(1)
    server = await startSupervisor({ databaseUrl: database.url, env }, { ready: false })
    const isReady = () =>
      fetch(`${server?.url}/api/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    expect(await eventually(isReady, Boolean, 60_000)).toBe(true)
    isServing = true
    const ready = seconds()
    expect(await eventually(isAdopted, Boolean, 600_000)).toBe(true)
    const done = seconds()
    const [written0, reads] = [old.written.length, old.reads()]
    await old.stop()
    const { slowest, probes, longestWait } = await watch.stop()
    written.push(...old.written)
    say(
      `adoption of ${RESULTS} results: serving after ${ready} s, all done after ${done} s; old clients wrote ${written0} results and read ${reads} times, ${old.failures.length} failures; longest wait for a lock ${longestWait.ms} ms (${longestWait.holder}); slowest of ${probes} short statements ${slowest.ms} ms (${slowest.statement.trim().slice(0, 60)})`,
    )
    expect(old.failures).toEqual([])
    expect(longestWait.ms).toBeLessThan(MOST_MS)
    expect(slowest.ms).toBeLessThan(MOST_MS)
    await expectEverything()
    const token = await logIn(server.url, 'drill@example.com')
    const answer = await fetch(`${server.url}/api/result?filter=project_id=00000000-0000-4000-9000-000000000001`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const { pagination } = (await answer.json()) as { pagination: { totalItems: number } }
    const [own] = await runSql<{ n: number }>(
      database.url,
      `select count(*)::int as n from results where project_id = '00000000-0000-4000-9000-000000000001'`,
    )
    expect(pagination.totalItems).toBe(own?.n)
  })

  /** Works as Ibutsu for a while, alone. */
  const workAsIbutsu = async () => {
    old = startOriginalClients(database.url)
    const begun = written.length
    await eventually(
      async () => old?.written.length ?? 0,
      (count) => count > 100,
      20_000,
    )
    await old.stop()
    expect(old.failures).toEqual([])
    written.push(...old.written)
    return written.length - begun
  }

  test('back to Ibutsu and here again, with its tables as they are', { timeout: 300_000 }, async () => {
    await server?.kill()
    const count = await workAsIbutsu()
    server = await startSupervisor({ databaseUrl: database.url, env })
    await expectEverything()
    say(`to Ibutsu and back, schema left as it was: ${count} results written there, all counted`)
  })

  test('back to Ibutsu with its own indexes (docs/adoption.md), and adopted once more', {
    timeout: 900_000,
  }, async () => {
    await server?.kill()
    const doc = await readFile(new URL('../../docs/adoption.md', import.meta.url), 'utf8')
    const back = /## The way back[\s\S]*?```sql\n([\s\S]*?)```/.exec(doc)?.[1] ?? ''
    const statements = back.split(/;\n/).filter((statement) => statement.trim() !== '')
    expect(statements.length).toBeGreaterThan(50)
    for (const statement of statements) await runSql(database.url, statement)
    const [{ ours } = { ours: -1 }] = await runSql<{ ours: number }>(
      database.url,
      `select ((select count(*) from pg_trigger where not tgisinternal)
        + (select count(*) from pg_tables where tablename like 'ibutsu%' or tablename like '%rollup%' or tablename = 'jobs'))::int as ours`,
    )
    expect(ours).toBe(0)
    const count = await workAsIbutsu()
    server = await startSupervisor({ databaseUrl: database.url, env })
    expect(await eventually(isAdopted, Boolean, 600_000)).toBe(true)
    await expectEverything()
    say(
      `to Ibutsu and back, ${statements.length} statements of docs/adoption.md: ${count} results written there, all counted`,
    )
  })

  test('an old pod starts again on a newer schema, unless that is marked breaking', { timeout: 60_000 }, async () => {
    await server?.kill()
    const newer = (breaking: boolean) =>
      runSql(
        database.url,
        `insert into ibutsu_ts_migrations (version, name, breaking) values (9001, 'newer', ${breaking})
          on conflict (version) do update set breaking = excluded.breaking`,
      )
    await newer(false)
    server = await startSupervisor({ databaseUrl: database.url, env })
    await server.waitForLine(/the database has a migration that this program does not know/)
    // Rolled back while it serves: it goes on, but a restart ends with a line that says why.
    await newer(true)
    expect((await fetch(`${server.url}/api/health/ready`)).status).toBe(200)
    await server.kill()
    server = await startSupervisor({ databaseUrl: database.url, env }, { ready: false })
    const { code } = await server.exit
    expect([code, server.stderr().trim().split('\n').at(-1)]).toEqual([
      7,
      'the database is newer than this program: its migration 9001 (newer) needs a newer release',
    ])
  })
})
