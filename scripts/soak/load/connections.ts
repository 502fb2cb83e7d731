import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 60_000

export interface Sent {
  readonly method: string
  readonly path: string
  readonly body?: Buffer
  readonly type?: string
  /** Instead of the load's own token; empty sends none. */
  readonly token?: string
}

export interface Answer {
  readonly status: number
  readonly body: Buffer
}

/** Connections that are kept open, and each used when its turn comes. */
export interface Connections {
  readonly counts: ConnectionCounts
  /** Logs in what is sent from now on. */
  useToken(token: string): void
  send(sent: Sent): Promise<Answer>
  /** Sends, and breaks the connection off after so many milliseconds, wherever it is then. */
  cancel(sent: Sent, afterMs: number): Promise<void>
  /** Reads the answer in small bites, with a pause after each. */
  readSlowly(sent: Sent, bite: number, pauseMs: number): Promise<Answer>
  close(): void
}

interface ConnectionCounts {
  /** Sockets opened since the start: as many as connections, if none had to be replaced. */
  opened: number
  /** Requests that wait for a connection, because all are in use. */
  waiting: number
}

/** Opens so many connections; each has sent a request and is idle when this resolves. */
export async function openConnections(url: URL, count: number): Promise<Connections> {
  const counts: ConnectionCounts = { opened: 0, waiting: 0 }
  const agents = Array.from({ length: count }, () => createAgent(counts))
  const idle = [...agents]
  const waiting: ((agent: Agent) => void)[] = []
  let ownToken = ''

  async function withAgent<T>(use: (agent: Agent) => Promise<T>): Promise<T> {
    const agent = idle.shift() ?? (await nextIdle())
    try {
      return await use(agent)
    } finally {
      const next = waiting.shift()
      if (next) next(agent)
      else idle.push(agent)
    }
  }
  async function nextIdle(): Promise<Agent> {
    counts.waiting++
    const agent = await new Promise<Agent>((resolve) => waiting.push(resolve))
    counts.waiting--
    return agent
  }
  function start(agent: Agent, { method, path, body, type = 'application/json', token = ownToken }: Sent) {
    const headers = {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': type, 'content-length': body.length } : {}),
    }
    const { hostname, port } = url
    return request({ agent, host: hostname, port, method, path, headers, timeout: PATIENCE_MS })
  }

  const connections: Connections = {
    counts,
    useToken(token) {
      ownToken = token
    },
    send: (sent) =>
      withAgent(async (agent) => {
        const req = start(agent, sent)
        req.end(sent.body)
        return readAnswer(await answerOf(req))
      }),
    cancel: (sent, afterMs) =>
      withAgent(async (agent) => {
        const req = start(agent, sent)
        req.on('response', (answer) => answer.on('error', () => undefined).resume())
        const closed = new Promise<void>((resolve) => req.once('error', () => undefined).once('close', resolve))
        // Half of a body is never followed by the rest.
        if (sent.body) req.write(sent.body.subarray(0, sent.body.length / 2))
        else req.end()
        await Promise.race([sleep(afterMs), closed])
        req.destroy()
        await closed
      }),
    readSlowly: (sent, bite, pauseMs) =>
      withAgent(async (agent) => {
        const req = start(agent, sent)
        req.end()
        const answer = await answerOf(req)
        return readAnswer(answer, async (bytes) => {
          if (bytes >= bite) await sleep((pauseMs * bytes) / bite)
        })
      }),
    close: () => agents.forEach((agent) => void agent.destroy()),
  }
  await openAll(connections, count)
  return connections
}

/** One connection, kept open. */
function createAgent(counts: ConnectionCounts): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (...args) => {
    counts.opened++
    return connect(...args) as Socket
  }
  return agent
}

/** A few at a time, so that no queue of the system overflows. */
async function openAll(connections: Connections, count: number): Promise<void> {
  let left = count
  const open = async () => {
    while (left-- > 0) await connections.send({ method: 'GET', path: '/api/health' })
  }
  await Promise.all(Array.from({ length: 50 }, open))
}

function answerOf(req: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    req.once('response', resolve)
    req.on('error', reject)
    req.once('timeout', () => req.destroy(new Error(`no byte came for ${PATIENCE_MS} ms`)))
  })
}

async function readAnswer(answer: IncomingMessage, afterBite?: (bytes: number) => Promise<void>): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    await afterBite?.(chunk.length)
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }
}
