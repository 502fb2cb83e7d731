import { randomUUID } from 'node:crypto'
import { runSql } from '../../helpers/database.ts'

/** A result that the server said 201 to. */
export interface Acknowledged {
  readonly id: string
  readonly run: string
  readonly at: number
}

/** Clients that send results, and readers, none of which ever sends a request again: as the real ones. */
export interface ApiClients {
  readonly acknowledged: readonly Acknowledged[]
  /** Answers of 5xx and broken connections, in words. */
  readonly failures: readonly string[]
  /** The longest that a write or a read took, in ms. */
  longest(): { readonly write: number; readonly read: number }
  reads(): number
  /** Lets each client finish its request. */
  stop(): Promise<void>
}

export interface ApiTarget {
  readonly url: string
  readonly token: string
  readonly project: string
}

/** Makes a project by the API. */
export async function addProject(url: string, token: string): Promise<string> {
  const answer = await fetch(`${url}/api/project`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: `drill-${randomUUID()}`, title: 'A drill' }),
  })
  if (answer.status !== 201) throw new Error(`no project: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { id: string }).id
}

/** Starts them; each writer makes a run and then results in it, one after another. */
export function startApiClients(
  { url, token, project }: ApiTarget,
  { writers = 6, readers = 2, pauseMs = 2 } = {},
): ApiClients {
  const acknowledged: Acknowledged[] = []
  const failures: string[] = []
  const longest = { write: 0, read: 0 }
  let reads = 0
  let running = true

  const ask = async (kind: 'write' | 'read', method: string, path: string, body?: object): Promise<boolean> => {
    const began = performance.now()
    let outcome: string | undefined
    try {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const text = await answer.text()
      if (answer.status !== (kind === 'write' ? 201 : 200)) outcome = `${answer.status} ${text.slice(0, 200)}`
    } catch (error) {
      outcome = String(error instanceof Error ? (error.cause ?? error) : error)
    }
    longest[kind] = Math.max(longest[kind], performance.now() - began)
    if (outcome) failures.push(`${method} ${path}: ${outcome}`)
    return outcome === undefined
  }
  const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs))

  const write = async () => {
    while (running) {
      const run = randomUUID()
      const shared = { project_id: project, start_time: new Date().toISOString(), metadata: { sent: 'in a drill' } }
      if (!(await ask('write', 'POST', '/api/run', { ...shared, id: run }))) continue
      for (let n = 0; running && n < 50; n++) {
        const id = randomUUID()
        const result = ['passed', 'failed', 'skipped'][n % 3]
        const body = { ...shared, id, run_id: run, test_id: `test_${n}`, result, duration: 0.5, component: 'drill' }
        if (await ask('write', 'POST', '/api/result', body)) acknowledged.push({ id, run, at: performance.now() })
        await pause()
      }
    }
  }
  const read = async () => {
    while (running) {
      if (await ask('read', 'GET', `/api/result?filter=project_id=${project}&pageSize=5`)) reads++
      await pause()
    }
  }
  const clients = [...Array.from({ length: writers }, write), ...Array.from({ length: readers }, read)]
  return {
    acknowledged,
    failures,
    longest: () => ({ write: Math.round(longest.write), read: Math.round(longest.read) }),
    reads: () => reads,
    async stop() {
      running = false
      await Promise.all(clients)
    },
  }
}

/** The acknowledged results that a database does not have, or has under another run. */
export async function findLost(url: string, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const rows = await runSql<{ id: string; run_id: string }>(
    url,
    `select id, run_id from results where id = any ('{${acknowledged.map(({ id }) => id).join(',')}}'::uuid[])`,
  )
  const found = new Map(rows.map(({ id, run_id }) => [id, run_id]))
  return acknowledged.filter(({ id, run }) => found.get(id) !== run).map(({ id }) => id)
}
