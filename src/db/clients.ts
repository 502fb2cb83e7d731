import { Socket } from 'node:net'
import pg, { type ClientConfig } from 'pg'

/** The clients of one process, all with the same settings. */
export interface Clients {
  /** For the pool. Its own connectionTimeoutMillis would also end the wait for a free connection, and a busy pool is not away. */
  readonly PooledClient: new () => pg.Client
  /** One that sends statements without waiting for the answers to those before. */
  openPipelined(): pg.Client
  /**
   * Ends every connection at once, also those in use, whose statements then are tried again. What the kernel has not delivered
   * yet is dropped. After an ordinary close it goes on sending: when the cable is back, it would bring the database a statement
   * whose second try was answered before, and undo what came after that.
   */
  breakOff(): void
}

export function createClients(config: ClientConfig): Clients {
  const open = new Map<pg.Client, Socket>()
  class TrackedClient extends pg.Client {
    constructor(_ofPool?: unknown, pipeline = false) {
      // Under TLS node-pg puts its own stream upon this one.
      const socket = new Socket()
      super({ ...config, pipeline, stream: () => socket } as ClientConfig)
      open.set(this, socket)
      this.once('end', () => open.delete(this))
    }
  }
  return {
    PooledClient: TrackedClient,
    openPipelined: () => new TrackedClient(undefined, true),
    breakOff() {
      const silent = Object.assign(new Error('the database does not answer on any connection'), { code: 'ETIMEDOUT' })
      // A copy: the pool may open others at once in place of these.
      for (const [{ connection }, socket] of [...open]) {
        abort(socket)
        connection.emit('error', silent)
      }
    },
  }
}

/** Closes a connection with a reset (RFC 9293, 3.10.5, ABORT), which makes the kernel drop what it still holds to be sent. */
function abort(socket: Socket): void {
  // Without an address it is not connected, or leads to a server of this machine, which has what was sent.
  if (socket.remoteAddress === undefined || socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
