import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A web server that listens. */
export interface WebServer {
  readonly server: Server
  readonly port: number
  /** Stops accepting, lets requests under way finish, then closes. */
  close(): Promise<void>
}

/**
 * Listens. Uploads may take as long as they like as long as bytes come; 60 s of silence end a connection, 75 s an idle
 * one (longer than the proxies in front of us keep theirs, so that they and not we close it).
 */
export async function listen(listener: RequestListener, port: number, host: string): Promise<WebServer> {
  const server = createServer({ keepAliveTimeout: 75_000, headersTimeout: 60_000, requestTimeout: 0 }, listener)
  server.setTimeout(60_000)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    server,
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
