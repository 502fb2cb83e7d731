import { createServer } from 'node:net'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requestChannel, statementChannel } from '../../src/tracing/channels.ts'
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { startTestServer } from '../helpers/server.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parent = '00f067aa0ba902b7'
const missing = '00000000-0000-4000-8000-000000000000'

let collector: OtlpReceiver
beforeAll(async () => {
  collector = await startOtlpReceiver()
})
afterAll(() => collector.close())

/** Runs requests on a server of their own, whose end sends the spans. */
async function spansOf(work: (server: Awaited<ReturnType<typeof startTestServer>>) => Promise<unknown>) {
  const server = await startTestServer({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, DB_RETRY: '0' })
  collector.spans.length = 0
  await work(server)
  await server.close()
  return [...collector.spans]
}

const statementsOf = (spans: readonly ReceivedSpan[], request: ReceivedSpan | undefined) =>
  spans.filter((span) => span.parentSpanId === request?.spanId)

describe('traces', () => {
  it("continue the caller's trace: a server span per request with its statements", async () => {
    const spans = await spansOf((server) =>
      server.send('GET', `/api/run/${missing}?secret=1`, { headers: { traceparent: `00-${traceId}-${parent}-01` } }),
    )
    const request = spans.find((span) => span.traceId === traceId && span.kind === 'server')
    expect(request).toMatchObject({
      name: 'getRun',
      parentSpanId: parent,
      failed: false,
      attributes: { 'http.request.method': 'GET', 'http.route': '/api/run/{id}', 'http.response.status_code': 404 },
    })
    const statements = statementsOf(spans, request)
    expect(statements.length).toBeGreaterThan(0)
    for (const span of statements) {
      expect(span).toMatchObject({ traceId, kind: 'client', attributes: { 'db.system.name': 'postgresql' } })
    }
    expect(collector.resource()).toMatchObject({ 'service.name': 'ibutsu-server', 'ibutsu.role': 'web' })
  })

  it('hold no value, query or token', async () => {
    const spans = await spansOf((server) =>
      server.send('GET', `/api/run/${missing}?secret=hush`, { headers: { 'x-secret': 'hush' } }),
    )
    expect(spans.length).toBeGreaterThan(1)
    expect(JSON.stringify(spans)).not.toMatch(/hush|Bearer|eyJ|0{8}-/)
  })

  it('of requests at the same time do not mix', async () => {
    const spans = await spansOf((server) =>
      Promise.all(Array.from({ length: 5 }, () => server.send('GET', `/api/run/${missing}`))),
    )
    const requests = spans.filter((span) => span.name === 'getRun')
    expect(new Set(requests.map((span) => span.traceId)).size).toBe(5)
    for (const request of requests) {
      const statements = statementsOf(spans, request)
      expect(statements.length).toBeGreaterThan(0)
      expect(statements.every((span) => span.traceId === request.traceId)).toBe(true)
    }
  })

  it('are left out where the caller said no, and for work that no request asked for', async () => {
    const spans = await spansOf(async (server) => {
      await server.send('GET', '/api/nowhere', { headers: { traceparent: `00-${traceId}-${parent}-00` } })
      await server.ctx.db.query({ text: 'select 1' })
    })
    const own = spans.filter((span) => span.attributes['db.query.text'] === 'select 1')
    expect([...own, ...spans.filter((span) => span.traceId === traceId)]).toEqual([])
  })

  it('name a failed statement by its code', async () => {
    const spans = await spansOf((server) => {
      const describe = () => ({ operation: 'test', route: undefined })
      const message = { req: { headers: {} }, res: { once() {} }, describe }
      return requestChannel.runStores(
        message,
        () => server.ctx.db.query({ text: 'select 1/0' }).catch(() => undefined),
        undefined,
      )
    })
    expect(spans.find((span) => span.failed)?.attributes).toMatchObject({ 'error.type': '22012' })
  })

  it('show Redis commands without what they hold', async () => {
    const redisServer = createServer((socket) => socket.on('data', () => socket.write('+OK\r\n')))
    await new Promise<void>((resolve) => redisServer.listen(0, '127.0.0.1', resolve))
    const { port } = redisServer.address() as { port: number }
    const redis = new Redis({ port, host: '127.0.0.1', enableReadyCheck: false, disableClientInfo: true })
    const spans = await spansOf(() => {
      const describe = () => ({ operation: 'test', route: undefined })
      const message = { req: { headers: {} }, res: { once() {} }, describe }
      return requestChannel.runStores(message, () => redis.set('key', 'hush'), undefined)
    })
    redis.disconnect()
    redisServer.close()
    expect(spans.find((span) => span.name === 'SET')).toMatchObject({
      kind: 'client',
      attributes: { 'db.system.name': 'redis', 'db.operation.name': 'SET' },
    })
    expect(JSON.stringify(spans)).not.toContain('hush')
  })

  it('leave nothing behind when they end', async () => {
    await spansOf(async () => expect(requestChannel.hasSubscribers && statementChannel.hasSubscribers).toBe(true))
    expect(requestChannel.hasSubscribers || statementChannel.hasSubscribers).toBe(false)
  })

  it('do not hold up the end of a process whose collector is away', async () => {
    const server = await startTestServer({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
    await server.send('GET', '/api/run')
    const since = performance.now()
    await server.close()
    expect(performance.now() - since).toBeLessThan(6_000)
  })
})
