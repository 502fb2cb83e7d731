import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { logIn, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { type ApiTarget, addProject, findLost, startApiClients } from './helpers/api-clients.ts'
import { findDifferences, settle } from './helpers/consistency.ts'
import {
  describeWithPostgres,
  type PostgresCluster,
  runProgram,
  startPostgresCluster,
} from './helpers/postgres-cluster.ts'
import { isLong, say } from './helpers/say.ts'

const RESULTS = isLong ? 20_000 : 800
const IMPORTED = isLong ? 20_000 : 4_000

describeWithPostgres('a backup that is taken while clients write', () => {
  let source: PostgresCluster
  let other: PostgresCluster
  let server: Supervisor
  let target: ApiTarget
  const env = { ROLES: 'web,worker', JOB_LEASE: '2', LOG_LEVEL: 'info' }
  const file = join(tmpdir(), `ibutsu-drill-${process.pid}-dump`)

  beforeAll(async () => {
    ;[source, other] = await Promise.all([startPostgresCluster(), startPostgresCluster()])
    server = await startSupervisor({ databaseUrl: source.url, env })
    const token = await logIn(server.url)
    target = { url: server.url, token, project: await addProject(server.url, token) }
  })
  afterAll(async () => {
    await server?.kill()
    await Promise.all([source?.remove(), other?.remove()])
    await rm(file, { force: true })
  })

  test('is whole on another server', { timeout: 300_000 }, async () => {
    const clients = startApiClients(target)
    await eventually(
      async () => clients.acknowledged.length,
      (count) => count >= RESULTS || clients.failures.length > 0,
      120_000,
    )
    // A job that runs while the dump is taken: its worker is stopped in the middle of it.
    const imported = await startImport()
    const [job] = server.workers('job')
    if (job === undefined) throw new Error('there is no job worker')
    const running = () => runSql(source.url, `select from jobs where name = 'import' and state = 'running'`)
    await eventually(running, ({ length }) => length === 1, 10_000)
    process.kill(job, 'SIGSTOP')
    expect(await running()).toHaveLength(1)

    const before = [...clients.acknowledged]
    const began = performance.now()
    await runProgram('pg_dump', '--format=custom', '--file', file, source.url)
    const dumpMs = performance.now() - began
    const during = clients.acknowledged.length - before.length
    process.kill(job, 'SIGCONT')
    await clients.stop()
    expect(clients.failures).toEqual([])
    await server.kill()

    await runProgram('pg_restore', '--no-owner', '--exit-on-error', '--dbname', other.url, file)
    const marks = await runSql(other.url, 'select from run_changes union all select from rollup_changes')
    const [{ state } = { state: '' }] = await runSql<{ state: string }>(
      other.url,
      `select state from jobs where name = 'import'`,
    )
    expect(state).toBe('running')
    const lost = await findLost(other.url, before)

    server = await startSupervisor({ databaseUrl: other.url, env })
    expect(await settle(other.url)).toEqual([])
    const differences = await findDifferences(other.url)
    const [row] = await runSql<{ status: string; results: number; state: string }>(
      other.url,
      `select status, (select count(*)::int from results where test_id like '%test_imported_%') as results,
          (select state from jobs where name = 'import') as state
        from imports where id = '${imported}'`,
    )
    say(
      `backup: ${before.length} results acknowledged before the dump (${dumpMs.toFixed(0)} ms, ${during} more meanwhile), ${lost.length} lost; ${marks.length} marks worked off, ${differences.length} differences; the import under way: ${row?.status}, ${row?.results} results`,
    )
    expect(lost).toEqual([])
    expect(during).toBeGreaterThan(0)
    expect(differences).toEqual([])
    expect(row).toEqual({ status: 'done', results: IMPORTED, state: 'done' })
    // The program's own look says the same.
    const rebuilt = spawnSync(
      process.execPath,
      [fileURLToPath(new URL('../../src/start.js', import.meta.url)), 'rebuild-rollups'],
      {
        env: { PATH: process.env.PATH, SQLALCHEMY_DATABASE_URI: other.url, JWT_SECRET: 'x', LOG_LEVEL: 'error' },
        encoding: 'utf8',
      },
    )
    expect([rebuilt.status, rebuilt.stderr]).toEqual([0, ''])
    // With the same JWT_SECRET the tokens of before are good, and it takes work.
    const more = startApiClients({ ...target, url: server.url }, { writers: 2, readers: 1 })
    await eventually(
      async () => more.acknowledged.length,
      (count) => count > 20 || more.failures.length > 0,
      20_000,
    )
    await more.stop()
    expect(more.failures).toEqual([])
    expect(await findLost(other.url, more.acknowledged)).toEqual([])
  })

  async function startImport(): Promise<string> {
    const cases = Array.from(
      { length: IMPORTED },
      (_, n) => `<testcase classname="Drill" name="test_imported_${n}" time="0.1"/>`,
    ).join('\n')
    const form = new FormData()
    form.set('project', target.project)
    form.set(
      'importFile',
      new Blob([`<testsuites><testsuite name="drill">\n${cases}\n</testsuite></testsuites>`]),
      `${randomUUID()}.xml`,
    )
    const answer = await fetch(`${target.url}/api/import`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${target.token}` },
    })
    expect(answer.status).toBe(201)
    return ((await answer.json()) as { id: string }).id
  }
})
