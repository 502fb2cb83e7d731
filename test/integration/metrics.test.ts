import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MetricsServer, startMetricsServer } from '../../src/metrics/metrics-server.ts'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let metricsServer: MetricsServer

async function scrape(): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${await metricsServer.port}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

const requests = (labels: string) => `ibutsu_http_requests_total{${labels}}`

beforeAll(async () => {
  server = await startTestServer({ METRICS_BIND: '127.0.0.1:0', DB_POOL_SIZE: '2' })
  metricsServer = startMetricsServer({
    bind: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    metrics: server.ctx.metrics,
    log: server.ctx.log,
  })
})
afterAll(async () => {
  await metricsServer.close()
  await server.close()
})

describe('metrics of the application', () => {
  it('count requests by operation, method and status', async () => {
    for (let i = 0; i < 3; i++) await server.send('GET', '/api/run')
    await server.send('GET', '/api/run', { as: null })
    await server.send('GET', '/api/run/00000000-0000-4000-8000-000000000000')
    await server.send('GET', '/api/nowhere', { as: null })
    await server.send('PATCH', '/api/run', { as: null })
    await server.send('GET', '/', { as: null })
    const wanted = {
      [requests('operation="getRunList",method="GET",status="200"')]: 3,
      [requests('operation="getRunList",method="GET",status="401"')]: 1,
      [requests('operation="getRun",method="GET",status="404"')]: 1,
      [requests('operation="unmatched",method="GET",status="404"')]: 1,
      [requests('operation="unmatched",method="PATCH",status="405"')]: 1,
      [requests('operation="page",method="GET",status="302"')]: 1,
    }
    const found = await eventually(scrape, (values) => Object.keys(wanted).every((name) => values.has(name)))
    expect(Object.fromEntries(found)).toMatchObject(wanted)
    const labels = 'operation="getRunList",method="GET",status="200"'
    expect(found.get(`ibutsu_http_request_duration_seconds_count{${labels}}`)).toBe(3)
    expect(found.get(`ibutsu_http_request_duration_seconds_bucket{${labels},le="30"}`)).toBe(3)
    expect(found.get(`ibutsu_http_request_duration_seconds_sum{${labels}}`)).toBeGreaterThan(0)
    expect(found.get('ibutsu_http_requests_in_flight')).toBe(0)
  })

  it('know the pool and who waits for it', async () => {
    const before = await scrape()
    expect(before.get('ibutsu_database_connections_limit{role="web"}')).toBe(2)
    const work = Array.from({ length: 4 }, () => server.ctx.db.query({ text: 'select pg_sleep(0.2)' }))
    const busy = await eventually(scrape, (values) => values.get('ibutsu_database_waiting{role="web"}') === 2, 1_000)
    expect(busy.get('ibutsu_database_connections{role="web",state="busy"}')).toBe(2)
    expect(busy.get('ibutsu_database_waiting{role="web"}')).toBe(2)
    await Promise.all(work)
    const after = await scrape()
    expect(after.get('ibutsu_database_waits_total{role="web"}')).toBe(2)
    expect(after.get('ibutsu_database_wait_seconds_total{role="web"}')).toBeGreaterThan(0.2)
    expect(after.get('ibutsu_database_connections{role="web",state="busy"}')).toBe(0)
    expect(after.get('ibutsu_database_away{role="web"}')).toBe(0)
  })

  it('know how late the event loop is', async () => {
    await scrape()
    // The probe must have begun its pause before the loop is blocked, and have ended it after.
    await sleep(50)
    const end = Date.now() + 150
    while (Date.now() < end);
    await sleep(50)
    const values = await scrape()
    const lag = (stat: string) => `ibutsu_event_loop_lag_seconds{role="web",pid="${process.pid}",stat="${stat}"}`
    expect(values.get(lag('max'))).toBeGreaterThan(0.1)
    expect(values.get(`ibutsu_event_loop_utilization_ratio{role="web",pid="${process.pid}"}`)).toBeGreaterThan(0.3)
  })
})
