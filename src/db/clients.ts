import pg, { type ClientConfig } from 'pg'

/** The clients of one process, all with the same settings. */
export interface Clients {
  /** For the pool. Its own connectionTimeoutMillis would also end the wait for a free connection, and a busy pool is not away. */
  readonly PooledClient: new () => pg.Client
  /** One that sends statements without waiting for the answers to those before. */
  openPipelined(): pg.Client
  /** Ends every connection at once, also those in use, whose statements then are tried again. */
  breakOff(): void
}

export function createClients(config: ClientConfig): Clients {
  const open = new Set<pg.Client>()
  class TrackedClient extends pg.Client {
    constructor(_ofPool?: unknown, pipeline = false) {
      super({ ...config, pipeline } as ClientConfig)
      open.add(this)
      this.once('end', () => open.delete(this))
    }
  }
  return {
    PooledClient: TrackedClient,
    openPipelined: () => new TrackedClient(undefined, true),
    breakOff() {
      const silent = Object.assign(new Error('the database does not answer on any connection'), { code: 'ETIMEDOUT' })
      for (const { connection } of open) connection.stream.destroy(silent)
    },
  }
}
