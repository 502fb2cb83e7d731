import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Passes connections on to the port that is the right one at the moment; there may be none yet, then they wait. */
export interface Relay {
  readonly port: number
  pointTo(port: number): void
  close(): void
}

/** Listens where people expect the server. Rejects when the port is taken. */
export async function startRelay(host: string, port: number): Promise<Relay> {
  let target = Promise.withResolvers<number>()
  let isKnown = false
  const open = new Set<Socket>()

  const server = createServer({ pauseOnConnect: true }, async (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    const onward = connect(await target.promise, '127.0.0.1')
    onward.on('error', () => socket.destroy())
    onward.on('close', () => socket.destroySoon())
    socket.on('close', () => onward.destroy())
    socket.pipe(onward).pipe(socket)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    pointTo(next) {
      if (isKnown) target = Promise.withResolvers()
      isKnown = true
      target.resolve(next)
    },
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
