import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Stands between the server and one of its services, and harms the connections. */
export interface TcpProxy {
  readonly port: number
  /** Connections that are open now. */
  open(): number
  /** Breaks all connections off (RST), on both sides. New ones are served. */
  cut(): void
  /** Holds every piece back for this long, in both directions, on new connections too. 0 ends it. */
  delay(ms: number): void
  /** Forwards nothing more on the connections that are open now, and closes none. New ones are served. */
  silence(): void
  /** Forwards again what silent connections have been sent meanwhile. */
  speak(): void
  close(): Promise<void>
}

interface Link {
  readonly ends: readonly [Socket, Socket]
  silent: boolean
  speak(): void
}

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const links = new Set<Link>()
  let delayMs = 0
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ ...target, noDelay: true })
    const heard: (() => void)[] = []
    const link: Link = {
      ends: [near, far],
      silent: false,
      speak() {
        link.silent = false
        for (const resume of heard.splice(0)) resume()
      },
    }
    links.add(link)
    const pass = async (from: Socket, to: Socket) => {
      try {
        for await (const piece of from) {
          if (delayMs > 0) await sleep(delayMs)
          if (link.silent) await new Promise<void>((resolve) => heard.push(resolve))
          if (!to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')])
        }
        to.end()
      } catch {
        to.destroy()
      }
    }
    for (const end of link.ends) {
      end.on('error', () => undefined)
      end.on('close', () => {
        for (const other of link.ends) other.destroy()
        link.speak()
        links.delete(link)
      })
    }
    void pass(near, far)
    void pass(far, near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = () => {
    for (const { ends } of links) for (const end of ends) end.resetAndDestroy()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    open: () => links.size,
    cut,
    delay: (ms) => {
      delayMs = ms
    },
    silence() {
      for (const link of links) link.silent = true
    },
    speak() {
      for (const link of links) link.speak()
    },
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The same address by way of the proxy. */
export function through(url: string, { port }: Pick<TcpProxy, 'port'>): string {
  const changed = new URL(url)
  changed.hostname = '127.0.0.1'
  changed.port = String(port)
  return changed.href
}
