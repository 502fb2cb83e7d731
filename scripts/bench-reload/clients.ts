import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'

/** Where the load goes, and with which rights. */
export interface Target {
  readonly port: number
  readonly token: string
}

/** What one phase saw: counted by the clients, who never try again. */
export interface Tally {
  requests: number
  readonly failures: string[]
}

/** Clients at work; `tally` is what they count now, and may be exchanged between phases. */
export interface Load {
  tally: Tally
  /** Ids of the results that were answered with 201, in order. */
  readonly acknowledged: string[]
  stop(): Promise<void>
}

export const newTally = (): Tally => ({ requests: 0, failures: [] })

/** Answers with status and body, or throws what the connection said. */
export function ask(
  { port, token }: Target,
  agent: Agent,
  method: string,
  path: string,
  json?: unknown,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const payload = json === undefined ? undefined : JSON.stringify(json)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
    }
    const sent = request({ host: '127.0.0.1', port, agent, method, path, headers }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
      answer.on('error', reject)
    })
    sent.on('error', reject)
    // An answer that never comes is a failure, too; the longest wait that is allowed is that for a database.
    sent.setTimeout(40_000, () => sent.destroy(new Error('no answer in 40 s')))
    sent.end(payload)
  })
}

/**
 * 64 clients that keep their connection and pause 0 to 5 ms between requests, 32 that open a connection for each, and one
 * that uploads results one after the other under ids of its own. `paths` are asked in turn.
 */
export function startLoad(
  target: Target,
  paths: readonly string[],
  upload: { projectId: string; runId: string } | null,
  { keeping = 64, opening = 32 } = {},
): Load {
  let running = true
  const load: Load = { tally: newTally(), acknowledged: [], stop: async () => undefined }
  // A request belongs to the phase in which it ends: what fails, fails by what happens then.
  const count = async (path: string, work: () => Promise<{ status: number }>) => {
    try {
      const { status } = await work()
      if (status >= 500 || status === 0) load.tally.failures.push(`${path}: status ${status}`)
      return status
    } catch (error) {
      load.tally.failures.push(`${path}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`)
      return 0
    } finally {
      load.tally.requests++
    }
  }
  const read = async (n: number, keeps: boolean) => {
    let agent = new Agent({ keepAlive: keeps, maxSockets: 1 })
    for (let i = n; running; i++) {
      const path = paths[i % paths.length] ?? '/'
      await count(path, () => ask(target, agent, 'GET', path))
      if (keeps) await pause(Math.random() * 5)
      else {
        agent.destroy()
        agent = new Agent({ keepAlive: false })
      }
    }
    agent.destroy()
  }
  const send = async ({ projectId, runId }: { projectId: string; runId: string }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (running) {
      const id = randomUUID()
      const json = { id, test_id: 'test_upload', result: 'passed', metadata: { project: projectId, run: runId } }
      const status = await count('/api/result', () => ask(target, agent, 'POST', '/api/result', json))
      if (status === 201) load.acknowledged.push(id)
    }
    agent.destroy()
  }
  const clients = [
    ...Array.from({ length: keeping }, (_, n) => read(n, true)),
    ...Array.from({ length: opening }, (_, n) => read(n, false)),
    ...(upload ? [send(upload)] : []),
  ]
  load.stop = async () => {
    running = false
    await Promise.all(clients)
  }
  return load
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
