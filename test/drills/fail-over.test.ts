import { afterEach, beforeEach, expect, test } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { logIn, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { type ApiTarget, addProject, findLost, startApiClients } from './helpers/api-clients.ts'
import { describeWithPostgres, type PostgresCluster, startPostgresCluster } from './helpers/postgres-cluster.ts'
import { isLong, say } from './helpers/say.ts'
import { openTcpSwitch, type TcpSwitch } from './helpers/tcp-switch.ts'

const RESULTS = isLong ? 1_000 : 150

describeWithPostgres('a fail-over to a standby', () => {
  let primary: PostgresCluster
  let standby: PostgresCluster
  let way: TcpSwitch
  let server: Supervisor
  let target: ApiTarget

  beforeEach(async () => {
    primary = await startPostgresCluster({
      settings: { synchronous_standby_names: '', wal_level: 'replica', hot_standby: 'on' },
    })
    way = await openTcpSwitch(primary.port)
    // Two web processes, so that one must hear of what the other changes.
    server = await startSupervisor({
      databaseUrl: primary.url.replace(String(primary.port), String(way.port)),
      env: { ROLES: 'web,worker', GUNICORN_PROCESSES: '2', DB_POOL_SIZE: '5', LOG_LEVEL: 'info' },
    })
    const token = await logIn(server.url)
    target = { url: server.url, token, project: await addProject(server.url, token) }
    standby = await primary.addStandby('standby')
    // What is acknowledged is on both from here on.
    await primary.set({ synchronous_standby_names: 'standby' })
    await primary.reload()
  })
  afterEach(async () => {
    await server?.kill()
    await way?.close()
    await primary?.remove()
  })

  const progress = (clients: ReturnType<typeof startApiClients>, more: number) => {
    const wanted = clients.acknowledged.length + more
    return eventually(
      async () => clients.acknowledged.length,
      (count) => count >= wanted || clients.failures.length > 0,
      40_000,
    )
  }
  /** The standby must not wait for a standby of its own. */
  const promote = async () => {
    await standby.set({ synchronous_standby_names: '' })
    await standby.reload()
    await standby.promote()
  }
  const listening = () =>
    runSql<{ application_name: string }>(
      standby.url,
      "select application_name from pg_stat_activity where application_name like 'ibutsu web % listen'",
    )

  test('after a crash of the primary', { timeout: 90_000 }, async () => {
    const clients = startApiClients(target)
    await progress(clients, RESULTS)
    await primary.stop('immediate')
    const began = performance.now()
    await promote()
    way.lead(standby.port)
    await progress(clients, RESULTS)
    await clients.stop()
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    const lost = await findLost(standby.url, clients.acknowledged)
    say(
      `fail-over after a crash: ${clients.acknowledged.length} results acknowledged, ${lost.length} lost, ${clients.failures.length} failures, longest write ${clients.longest().write} ms, read ${clients.longest().read} ms, ${seconds} s until ${RESULTS} more`,
    )
    expect(clients.failures.slice(0, 5)).toEqual([])
    expect(lost).toEqual([])
    await expectCachesFollow()
  })

  test('in plan: connections stay at the old primary, which takes no writes any more', {
    timeout: 90_000,
  }, async () => {
    const clients = startApiClients(target)
    await progress(clients, RESULTS)
    // The old one lives on, read-only, with every connection that stands: only what is new is led to the other.
    await primary.set({ default_transaction_read_only: 'on' })
    await primary.reload()
    await promote()
    way.lead(standby.port)
    await progress(clients, RESULTS)
    // Reads by a connection to the old one would be of yesterday, and notifications would never come.
    const left = await eventually(
      async () => way.connections(primary.port),
      (count) => count === 0,
      15_000,
    )
    await clients.stop()
    const lost = await findLost(standby.url, clients.acknowledged)
    say(
      `planned fail-over: ${clients.acknowledged.length} results acknowledged, ${lost.length} lost, ${clients.failures.length} failures, longest write ${clients.longest().write} ms, ${left} connections left behind`,
    )
    expect(clients.failures.slice(0, 5)).toEqual([])
    expect(lost).toEqual([])
    expect(left).toBe(0)
    await expectCachesFollow()
  })

  /** LISTEN works at the new primary: both web processes hear that a token is gone. */
  async function expectCachesFollow() {
    await eventually(listening, ({ length }) => length === 2, 10_000)
    const headers = { authorization: `Bearer ${target.token}`, connection: 'close' }
    const made = await fetch(`${target.url}/api/user/token`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'of a drill', expires: '2099-01-01T00:00:00Z' }),
    })
    expect(made.status).toBe(201)
    const { id, token } = (await made.json()) as { id: string; token: string }
    const ask = async () =>
      (await fetch(`${target.url}/api/user`, { headers: { authorization: `Bearer ${token}`, connection: 'close' } }))
        .status
    const asked = () => Promise.all(Array.from({ length: 10 }, ask))
    // Some seconds after the notification of the new token the caches are on again.
    const until = Date.now() + 1_500
    while (Date.now() < until) expect(new Set(await asked())).toEqual(new Set([200]))
    await fetch(`${target.url}/api/user/token/${id}`, { method: 'DELETE', headers })
    expect(new Set(await asked())).toEqual(new Set([401]))
  }
})
