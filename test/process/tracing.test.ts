import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { type OtlpReceiver, startOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { fetchStatus, type Supervisor, startSupervisor } from './helpers/supervisor.ts'

let database: TestDatabase
let collector: OtlpReceiver
let running: Supervisor | undefined
beforeAll(async () => {
  database = await createTestDatabase()
  collector = await startOtlpReceiver()
})
afterAll(async () => {
  await collector.close()
  await database.drop()
})
afterEach(() => running?.kill())

it('a worker that is told to stop sends the spans that it still has', async () => {
  const server = await startSupervisor({
    databaseUrl: database.url,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'our-results' },
  })
  running = server
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  await fetchStatus(`${server.url}/api/run`, { traceparent })
  server.signal('SIGTERM')
  expect(await server.exit).toEqual({ code: 0, signal: null })
  const span = collector.spans.find(({ traceId }) => traceId === '4bf92f3577b34da6a3ce929d0e0e4736')
  expect(span).toMatchObject({ name: 'getRunList', kind: 'server', parentSpanId: '00f067aa0ba902b7' })
  expect(collector.resource()).toMatchObject({ 'service.name': 'our-results', 'ibutsu.role': 'web' })
})
