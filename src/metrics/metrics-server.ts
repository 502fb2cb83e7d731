import type { Cluster } from 'node:cluster'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { type BindAddress, formatBind } from '../settings/bind-address.ts'
import { METRICS_TYPE, printMetrics } from './merge-metrics.ts'
import { metricState } from './metric-table.ts'
import type { Metrics } from './metrics.ts'
import { collectWorkerMetrics } from './worker-metrics.ts'

/** A worker that answers later than this is silent. Prometheus itself gives up after 10 s. */
const workerTimeoutMs = 2_000
const bindAgainMs = 1_000

export interface MetricsServerOptions {
  /** METRICS_BIND. */
  readonly bind: BindAddress
  /** Of this process. */
  readonly metrics: Metrics
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** The workers to ask too; none in a process without workers. Tests give their own. */
  readonly cluster?: Cluster
  readonly workerTimeoutMs?: number
}

export interface MetricsServer {
  /** The port (0 for a Unix socket), once it is bound. */
  readonly port: Promise<number>
  close(): Promise<void>
}

/**
 * Serves `GET /metrics` of this process and, in a supervisor, of all its workers. A port that is taken is a warning and
 * is tried again each second: results matter more than metrics, and in a takeover (USR2) the predecessor holds it for a
 * while. Call it with `cluster` from node:cluster in the supervisor.
 */
export function startMetricsServer(options: MetricsServerOptions): MetricsServer {
  const { metrics, log } = options
  const workers = options.cluster && collectWorkerMetrics(options.cluster)
  let underWay: Promise<string> | undefined

  async function collect(): Promise<string> {
    const theirs = await workers?.collect(options.workerTimeoutMs ?? workerTimeoutMs)
    const silent = theirs && metricState('ibutsu_metrics_silent_workers', [{ labels: {}, value: theirs.silent }])
    return printMetrics([[...metrics.read(), ...(silent ? [silent] : [])], ...(theirs?.states ?? [])])
  }
  // Scrapers that come at the same time share one answer: what is "since the last scrape" would be halved otherwise.
  const shared = () => {
    underWay ??= collect().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  const server = createServer((req, res) => void answer(req, res, shared, log))
  const bound = Promise.withResolvers<number>()
  const stopBinding = bindUntilFree(server, options.bind, log, bound.resolve)
  return {
    port: bound.promise,
    close: () =>
      new Promise((resolve) => {
        stopBinding()
        workers?.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  collect: () => Promise<string>,
  log: MetricsServerOptions['log'],
): Promise<void> {
  res.setHeader('x-content-type-options', 'nosniff')
  res.setHeader('cache-control', 'no-store')
  const known = req.url?.split('?', 1)[0] === '/metrics'
  if (!known || (req.method !== 'GET' && req.method !== 'HEAD')) {
    res.writeHead(known ? 405 : 404, { 'content-type': 'text/plain' }).end('GET /metrics\n')
    return
  }
  try {
    const text = await collect()
    res.writeHead(200, { 'content-type': METRICS_TYPE }).end(text)
  } catch (error) {
    log.warn({ err: error }, 'the metrics could not be collected')
    res.writeHead(500, { 'content-type': 'text/plain' }).end('see the log\n')
  }
}

function bindUntilFree(
  server: Server,
  address: BindAddress,
  log: MetricsServerOptions['log'],
  onBound: (port: number) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined
  let warned = false
  // In a cluster's worker this would ask the supervisor for the port; here each process binds its own.
  const listen = () => server.listen({ ...listenOptions(address), exclusive: true })
  server.on('error', (error) => {
    if (!warned) log.warn({ err: error }, `METRICS_BIND: cannot listen on ${formatBind(address)} yet, trying on`)
    warned = true
    timer = setTimeout(listen, bindAgainMs)
  })
  server.on('listening', () => {
    const port = (server.address() as AddressInfo | null)?.port ?? 0
    log.info(`metrics at ${formatBind(address.kind === 'tcp' ? { ...address, port } : address)}`)
    onBound(port)
  })
  listen()
  return () => clearTimeout(timer)
}

function listenOptions(address: BindAddress) {
  if (address.kind === 'unix') return { path: address.path }
  return address.kind === 'fd' ? { fd: address.fd } : { host: address.host, port: address.port }
}
