import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/*
 * How a web server ends its connections without losing a request.
 *
 * `server.close()` closes idle keep-alive connections at once, and about one request per connection is on its way just
 * then. So, once nothing new is accepted: the next answer on each connection says `Connection: close`; connections that
 * stay idle for the grace period are closed then; what is still at work at the deadline is cut off.
 */

/** From the start of a drain to the end of idle connections: clients that are at work come back within it. */
const idleGraceMs = 2_000

export interface SoftDrain {
  /** Resolves when every connection is closed, at the latest after `graceMs`; may be called again with less. */
  drain(graceMs: number): Promise<void>
}

/** Watches a server's connections from the start on. Whoever drains must see to it that no new ones come. */
export function createSoftDrain(server: Server): SoftDrain {
  const sockets = new Set<Socket>()
  const empty = Promise.withResolvers<void>()
  let draining = false

  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      if (draining && sockets.size === 0) empty.resolve()
    })
  })
  return {
    async drain(graceMs) {
      if (!draining) begin()
      const all = setTimeout(cutOff, graceMs)
      await empty.promise
      clearTimeout(all)
    },
  }

  function begin(): void {
    draining = true
    // Prepended, so that the header is there when the application writes the head.
    server.prependListener('request', (_req: IncomingMessage, res: ServerResponse) => closeAfter(res))
    for (const socket of sockets) closeAfter(answerOn(socket))
    if (sockets.size === 0) empty.resolve()
    const idleAt = performance.now() + idleGraceMs
    const idle = setInterval(() => {
      if (performance.now() >= idleAt) server.closeIdleConnections()
    }, 100)
    void empty.promise.then(() => clearInterval(idle))
  }
  function cutOff(): void {
    server.closeAllConnections()
    // A connection without the first byte of a request is unknown to the HTTP server.
    for (const socket of sockets) socket.destroy()
  }
}

/** The answer that is under way on a connection; node:http has no public name for it, and tracking each costs time. */
function answerOn(socket: Socket): ServerResponse | null | undefined {
  return '_httpMessage' in socket ? (socket._httpMessage as ServerResponse | null) : undefined
}

function closeAfter(res: ServerResponse | null | undefined): void {
  if (!res || res.headersSent) return
  res.setHeader('connection', 'close')
  res.shouldKeepAlive = false
}
