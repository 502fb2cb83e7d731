import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { logIn, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { type ApiTarget, addProject, findLost, startApiClients } from './helpers/api-clients.ts'
import { describeWithPostgres, type PostgresCluster, startPostgresCluster } from './helpers/postgres-cluster.ts'
import { isLong, say } from './helpers/say.ts'

const LIMIT = 25
const HOLD_MS = isLong ? 20_000 : 4_000

describeWithPostgres('no connection is left', () => {
  let postgres: PostgresCluster
  let server: Supervisor
  let target: ApiTarget
  const others: pg.Client[] = []

  beforeAll(async () => {
    postgres = await startPostgresCluster({
      settings: { max_connections: String(LIMIT), superuser_reserved_connections: '3' },
    })
    // Others than superusers, who have connections of their own.
    await runSql(
      postgres.url,
      'create role ordinary login',
      'grant all on schema public to ordinary',
      'alter database ibutsu owner to ordinary',
    )
    server = await startSupervisor({
      databaseUrl: urlOf(),
      env: { ROLES: 'web,worker', DB_POOL_SIZE: '10', LOG_LEVEL: 'info' },
    })
    const token = await logIn(server.url)
    target = { url: server.url, token, project: await addProject(server.url, token) }
  })
  afterAll(async () => {
    await release()
    await server?.kill()
    await postgres?.remove()
  })

  const urlOf = () => postgres.url.replace('ibutsu@', 'ordinary@')
  /** Takes every connection that is free, and each that becomes so. */
  const take = async () => {
    for (;;) {
      const client = new pg.Client({ connectionString: urlOf(), application_name: 'somebody else' })
      client.on('error', () => undefined)
      try {
        await client.connect()
        others.push(client)
      } catch (error) {
        expect(error).toMatchObject({ code: '53300' })
        return
      }
    }
  }
  const release = async () => {
    await Promise.all(others.splice(0).map((client) => client.end()))
  }
  const ours = () =>
    runSql<{ n: number }>(
      postgres.url,
      `select count(*)::int as n from pg_stat_activity where application_name like 'ibutsu %'`,
    ).then(([row]) => row?.n ?? 0)

  test('clients wait for one, and get no 5xx', { timeout: 120_000 }, async () => {
    const mark = server.mark()
    await take()
    const held = others.length
    const clients = startApiClients(target, { writers: 20, readers: 20 })
    await new Promise((resolve) => setTimeout(resolve, HOLD_MS / 2))
    // Now those of ours as well: what comes next has none at all.
    await runSql(
      postgres.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'ibutsu %'`,
    )
    await take()
    const left = await ours()
    await new Promise((resolve) => setTimeout(resolve, HOLD_MS / 2))
    const during = clients.acknowledged.length
    await release()
    await eventually(
      async () => clients.acknowledged.length,
      (count) => count > during + 200 || clients.failures.length > 0,
      30_000,
    )
    await clients.stop()
    const lost = await findLost(postgres.url, clients.acknowledged)
    const told = server
      .stderr()
      .slice(mark)
      .split('\n')
      .filter((line) => /database is (away|back)/.test(line))
    say(
      `connections: ${held} of ${LIMIT} taken by others, then all but ${left} of ours; ${clients.acknowledged.length} results and ${clients.reads()} reads answered, longest write ${clients.longest().write} ms, read ${clients.longest().read} ms, ${clients.failures.length} failures, ${lost.length} lost; ${told.length} lines in the log`,
    )
    expect(clients.failures.slice(0, 5)).toEqual([])
    expect(lost).toEqual([])
    // Of the web process and the worker, not one for each request that met it.
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThan(12)
    expect(await ours()).toBeGreaterThan(left)
  })

  test('a pool that is busy is no outage: clients wait for their turn', { timeout: 60_000 }, async () => {
    const pool = 10
    const holders = Array.from({ length: 1 }, () => new pg.Client({ connectionString: postgres.url }))
    for (const client of holders) {
      await client.connect()
      await client.query('begin')
      await client.query('lock table results in access exclusive mode')
    }
    const headers = { authorization: `Bearer ${target.token}`, connection: 'close' }
    const asked = Array.from({ length: pool * 4 }, async () => {
      const answer = await fetch(`${target.url}/api/result?filter=project_id=${target.project}&pageSize=1`, { headers })
      await answer.arrayBuffer()
      return answer.status
    })
    await eventually(
      () => runSql(postgres.url, "select from pg_locks where not granted and relation = 'results'::regclass"),
      ({ length }) => length >= 2,
    )
    // Somebody who reads something else meets a full pool at most for as long.
    expect((await fetch(`${target.url}/api/health/ready`)).status).toBe(200)
    for (const client of holders) {
      await client.query('commit')
      await client.end()
    }
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]))
  })
})
