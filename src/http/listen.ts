import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, Server as NetServer, Socket } from 'node:net'
import { createSoftDrain } from './soft-drain.ts'

/** Timeouts in milliseconds; 0 is none. */
export interface WebTimeouts {
  readonly keepAliveMs: number
  readonly headersMs: number
  /** A connection on which nothing moves within a request. */
  readonly silenceMs: number
}

/** Longer than the proxies in front of us keep an idle connection, so that they and not we close it (design.md, Numbers). */
const usualTimeouts: WebTimeouts = { keepAliveMs: 75_000, headersMs: 60_000, silenceMs: 60_000 }

/** Request line and headers together: filters travel in the address, and lists of ids make them long. More is a 431. */
const maxHeaderBytes = 64 * 1024

/** A web server, which listens itself or is given connections. */
export interface WebServer {
  readonly server: Server
  /** Requests since the start. */
  readonly requests: () => number
  /** Serves a connection that another process accepted: the handle under its socket, not read from yet. */
  take(handle: unknown): void
  /** Ends all connections without losing a request; see soft-drain.ts. No new ones are accepted. */
  drain(graceMs: number): Promise<void>
}

/** Makes a web server. Uploads may take as long as they like as long as bytes come. */
export function createWebServer(listener: RequestListener, timeouts: WebTimeouts = usualTimeouts): WebServer {
  const server = createServer(
    {
      keepAliveTimeout: timeouts.keepAliveMs,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: checkEvery(timeouts.headersMs),
      requestTimeout: 0,
      maxHeaderSize: maxHeaderBytes,
    },
    listener,
  )
  server.setTimeout(timeouts.silenceMs)
  const softDrain = createSoftDrain(server)
  let requests = 0
  server.prependListener('request', () => requests++)
  let watches = server.listening

  return {
    server,
    requests: () => requests,
    take(handle) {
      // What listening would do for us: the checks of timeouts and idle connections begin with this event.
      if (!watches) server.emit('listening')
      watches = true
      const options = { handle, allowHalfOpen: true, readable: true, writable: true }
      const socket = new Socket(options as ConstructorParameters<typeof Socket>[0])
      socket.setNoDelay(true)
      server.emit('connection', socket)
    },
    async drain(graceMs) {
      // The HTTP server's own close() would end idle connections at once.
      if (server.listening) NetServer.prototype.close.call(server)
      await softDrain.drain(graceMs)
    },
  }
}

/** Node looks every 30 s for heads that take too long: a shorter timeout would come late. */
function checkEvery(headersMs: number): number {
  return headersMs === 0 ? 30_000 : Math.min(30_000, Math.max(500, headersMs / 4))
}

/** A web server that listens, for one process without a supervisor. */
export interface ListeningServer extends WebServer {
  readonly port: number
  /** Stops accepting, lets requests under way finish for up to 10 s, then closes. */
  close(): Promise<void>
}

/** Listens on a port (0: any free one). */
export async function listen(
  listener: RequestListener,
  port: number,
  host: string,
  timeouts?: WebTimeouts,
): Promise<ListeningServer> {
  const web = createWebServer(listener, timeouts)
  const { server } = web
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    ...web,
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server),
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 10_000).unref()
  })
}
