import { Agent, get, type IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

/** A client with one connection that it keeps as long as the server does. */
export interface KeepAliveClient {
  ask(path: string): Promise<Answer>
  /** Connections that it has opened. */
  connections(): number
  close(): void
}

export function createClient(target: { readonly port: number } | { readonly socketPath: string }): KeepAliveClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const seen = new Set<unknown>()
  return {
    ask: (path) =>
      new Promise((resolve, reject) => {
        const request = get({ host: '127.0.0.1', ...target, path, agent }, (answer) => {
          let text = ''
          answer.setEncoding('utf8')
          answer.on('data', (chunk: string) => {
            text += chunk
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }))
          answer.on('error', reject)
        })
        request.on('socket', (socket) => seen.add(socket))
        request.on('error', reject)
      }),
    connections: () => seen.size,
    close: () => agent.destroy(),
  }
}

/** Clients that ask again and again with pauses of 0 to 5 ms, and count. */
export interface Load {
  readonly count: () => number
  /** Ends it; gives what failed. */
  stop(): Promise<readonly string[]>
}

/** `keepAlive` clients keep their connection, `fresh` ones open one for each request. Nobody tries again. */
export function startLoad(port: number, path: string, { keepAlive = 24, fresh = 4 } = {}): Load {
  const failures: string[] = []
  let count = 0
  let running = true
  const run = async (keeps: boolean) => {
    let client = createClient({ port })
    while (running) {
      await client
        .ask(path)
        .then(({ status }) => status >= 500 && failures.push(`status ${status}`))
        .catch((error) => failures.push(error.code ?? error.message))
      count++
      await sleep(Math.random() * 5)
      if (keeps) continue
      client.close()
      client = createClient({ port })
    }
    client.close()
  }
  const clients = [...Array(keepAlive + fresh).keys()].map((n) => run(n < keepAlive))
  return {
    count: () => count,
    async stop() {
      running = false
      await Promise.all(clients)
      return failures
    },
  }
}
