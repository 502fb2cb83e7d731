import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** An address that leads to one server or to another, as a service name or a proxy does in front of PostgreSQL. */
export interface TcpSwitch {
  readonly port: number
  /** Where new connections go from now on; those that stand stay where they are. */
  lead(port: number): void
  /** Ends the connections that stand, as a proxy does that is told to. */
  cut(): void
  /** Connections that stand, by the port that they lead to. */
  connections(port: number): number
  close(): Promise<void>
}

export async function openTcpSwitch(port: number): Promise<TcpSwitch> {
  let target = port
  const open = new Map<Socket, number>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true })
    open.set(near, target)
    near.on('close', () => open.delete(near))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const own = typeof address === 'object' && address ? address.port : 0
  const cut = () => {
    for (const socket of open.keys()) socket.destroy()
  }
  return {
    port: own,
    lead(to) {
      target = to
    },
    cut,
    connections: (to) => [...open.values()].filter((port) => port === to).length,
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}
