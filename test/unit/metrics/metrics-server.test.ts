import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics, type Metrics } from '../../../src/metrics/metrics.ts'
import { type MetricsServer, startMetricsServer } from '../../../src/metrics/metrics-server.ts'

const lines: string[] = []
const log = { info: (line: string) => void lines.push(line), warn: (_: unknown, line: string) => void lines.push(line) }
const opened: (() => Promise<void> | void)[] = []

function serve(metrics: Metrics, port = 0): MetricsServer {
  const server = startMetricsServer({ bind: { kind: 'tcp', host: '127.0.0.1', port }, metrics, log: log as never })
  opened.push(() => server.close())
  return server
}

function webMetrics(): Metrics {
  const metrics = createMetrics({ role: 'web', version: '1.2.3' })
  opened.push(() => metrics.close())
  return metrics
}

afterEach(async () => {
  lines.length = 0
  for (const close of opened.splice(0)) await close()
})

describe('startMetricsServer', () => {
  it('serves the metrics of its process as text', async () => {
    const metrics = webMetrics()
    metrics.requestStarted()
    metrics.requestStarted()
    metrics.requestEnded('getRun', 'GET', 200, 0.003)
    const answer = await fetch(`http://127.0.0.1:${await serve(metrics).port}/metrics`)
    const text = await answer.text()
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(text).toContain('ibutsu_build_info{version="1.2.3",')
    expect(text).toContain('# TYPE ibutsu_http_requests_total counter')
    expect(text).toContain('ibutsu_http_requests_total{operation="getRun",method="GET",status="200"} 1\n')
    expect(text).toContain(
      'ibutsu_http_request_duration_seconds_bucket{operation="getRun",method="GET",status="200",le="0.005"} 1\n',
    )
    expect(text).toContain('ibutsu_http_requests_in_flight 1\n')
    expect(text).toMatch(/ibutsu_process_memory_bytes\{role="web",pid="\d+",kind="resident"\} [1-9]\d{6,}\n/)
  })

  it('has one page', async () => {
    const port = await serve(webMetrics()).port
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status).toBe(405)
  })

  it('says what went wrong in the log only', async () => {
    const broken = {
      read: () => {
        throw new Error('secret of the inside')
      },
    } as unknown as Metrics
    const answer = await fetch(`http://127.0.0.1:${await serve(broken).port}/metrics`)
    expect([answer.status, await answer.text()]).toEqual([500, 'see the log\n'])
    expect(lines).toContain('the metrics could not be collected')
  })

  it.each(['/metrics', '/elsewhere'])('lets no browser guess types or keep answers: %s', async (path) => {
    const { headers } = await fetch(`http://127.0.0.1:${await serve(webMetrics()).port}${path}`)
    expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual(['nosniff', 'no-store'])
  })

  it('warns once of a taken port and takes it when it is free', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as { port: number }
    const server = serve(webMetrics(), port)
    await expect.poll(() => lines).toEqual([`METRICS_BIND: cannot listen on 127.0.0.1:${port} yet, trying on`])
    await new Promise((resolve) => holder.close(resolve))
    expect(await server.port).toBe(port)
    expect(lines).toHaveLength(2)
  })

  it('counts workers by state and restarts by reason', async () => {
    const metrics = createMetrics({ role: 'supervisor', version: '1.2.3' })
    opened.push(() => metrics.close())
    metrics.watchWorkers(() => [
      { role: 'web', state: 'ready' },
      { role: 'web', state: 'ready' },
      { role: 'web', state: 'draining' },
    ])
    metrics.countRestart('web', 'crash')
    metrics.countRestart('web', 'crash')
    metrics.countRestart('web', 'reload')
    const text = await (await fetch(`http://127.0.0.1:${await serve(metrics).port}/metrics`)).text()
    expect(text).toContain('ibutsu_workers{role="web",state="ready"} 2\n')
    expect(text).toContain('ibutsu_workers{role="web",state="draining"} 1\n')
    expect(text).toContain('ibutsu_worker_restarts_total{role="web",reason="crash"} 2\n')
    expect(text).toContain('ibutsu_worker_restarts_total{role="web",reason="reload"} 1\n')
    expect(text).not.toContain('http_requests_total{')
  })
})
