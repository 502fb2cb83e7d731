import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { fetchStatus, freePort, type Supervisor, startSupervisor } from './helpers/supervisor.ts'

let database: TestDatabase
let running: Supervisor | undefined
let metricsPort: number
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
afterEach(() => running?.kill())

async function start(env: Record<string, string>, command = 'serve'): Promise<Supervisor> {
  metricsPort = await freePort()
  const options = { databaseUrl: database.url, command, env: { METRICS_BIND: `127.0.0.1:${metricsPort}`, ...env } }
  running = await startSupervisor(options, { ready: command === 'serve' })
  const { url } = running
  await eventually(
    () => fetchStatus(`${url}/api/health`),
    (status) => status === 200,
    15_000,
  )
  return running
}

async function scrape(): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

/** Requests without a token, which nothing else sends. */
const served = (values: Map<string, number>) =>
  values.get('ibutsu_http_requests_total{operation="getRunList",method="GET",status="401"}') ?? 0

/** Each on a connection of its own, so that every worker gets some. */
async function sendRequests(server: Supervisor, count: number): Promise<void> {
  for (let i = 0; i < count; i++) expect(await fetchStatus(`${server.url}/api/run`)).toBe(401)
}

const pidsOf = (values: Map<string, number>, role: string) =>
  [...values.keys()].flatMap((name) =>
    name.startsWith(`ibutsu_process_start_time_seconds{role="${role}"`) ? [Number(/pid="(\d+)"/.exec(name)?.[1])] : [],
  )

const ready = (values: Map<string, number>) => values.get('ibutsu_workers{role="web",state="ready"}')

describe('metrics of all processes', () => {
  it('add up over the workers, and go on when one is killed or hangs', async () => {
    const server = await start({ GUNICORN_PROCESSES: '2', ROLES: 'web,worker' })
    await eventually(scrape, (values) => ready(values) === 2, 15_000)
    await sendRequests(server, 20)
    const first = await eventually(scrape, (values) => served(values) === 20)
    expect(served(first)).toBe(20)
    expect(pidsOf(first, 'supervisor')).toEqual([server.pid])
    expect(pidsOf(first, 'web').sort()).toEqual([...server.workers('web')].sort())
    expect(pidsOf(first, 'worker')).toEqual(server.workers('job'))
    expect(first.get('ibutsu_workers{role="worker",state="ready"}')).toBe(1)
    expect(first.get('ibutsu_database_connections_limit{role="web"}')).toBe(6)

    const [killed = 0] = server.workers('web')
    process.kill(killed, 'SIGKILL')
    const restarts = 'ibutsu_worker_restarts_total{role="web",reason="crash"}'
    const second = await eventually(
      scrape,
      (values) => values.get(restarts) === 1 && ready(values) === 2 && pidsOf(values, 'web').length === 2,
      15_000,
    )
    expect(second.get(restarts)).toBe(1)
    expect(served(second)).toBe(20)
    expect(pidsOf(second, 'web')).not.toContain(killed)

    const [stopped = 0] = server.workers('web')
    process.kill(stopped, 'SIGSTOP')
    const since = performance.now()
    const third = await scrape()
    expect(performance.now() - since).toBeLessThan(5_000)
    expect(third.get('ibutsu_metrics_silent_workers')).toBe(1)
    expect(served(third)).toBe(20)
    expect(pidsOf(third, 'web')).not.toContain(stopped)
    process.kill(stopped, 'SIGCONT')
  })

  it('keep what drained workers counted, also since the last scrape', async () => {
    const server = await start({})
    await sendRequests(server, 5)
    server.signal('SIGHUP')
    const restarts = 'ibutsu_worker_restarts_total{role="web",reason="reload"}'
    const values = await eventually(scrape, (now) => now.get(restarts) === 1, 15_000)
    expect(values.get(restarts)).toBe(1)
    expect(served(values)).toBe(5)
  })

  it('are served by a single process too', async () => {
    const server = await start({}, 'web')
    await sendRequests(server, 3)
    const values = await eventually(scrape, (now) => served(now) === 3)
    expect(served(values)).toBe(3)
    expect(pidsOf(values, 'web')).toEqual([server.pid])
  })
})
