import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { createClient } from '../process/helpers/client.ts'
import { type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { inForm, report } from './helpers/long-form.ts'

/** As many as the machine lets one process have open, with room for the rest. */
const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1024)
const COUNT = Math.min(inForm(900, 10_000), limit - 200)
const HEADERS_SECONDS = 10

let database: TestDatabase
let server: Supervisor

beforeAll(async () => {
  database = await createTestDatabase()
  const env = { HEADERS_TIMEOUT: String(HEADERS_SECONDS), ACCESS_LOG: 'false' }
  server = await startSupervisor({ databaseUrl: database.url, env })
})
afterAll(async () => {
  await server.kill()
  await database.drop()
})

const filesOf = (pid: number | undefined) => readdirSync(`/proc/${pid}/fd`).length

interface SlowClient {
  /** How many of its connections the server has closed, by kind. */
  closed(): Promise<Record<string, number>>
  stop(): Promise<void>
}

async function startSlowClient(count: number): Promise<SlowClient> {
  const script = fileURLToPath(new URL('helpers/slow-client.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [script, String(server.port), String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const exit = once(child, 'exit')
  const isOpen = await eventually(async () => output.includes(`open ${count}`), Boolean, 60_000)
  if (!isOpen) throw new Error(`the client could not open ${count} connections`)
  return {
    async closed() {
      const from = output.length
      child.stdin?.write('\n')
      const answer = await eventually(
        async () => output.slice(from),
        (text) => text.includes('\n'),
      )
      return JSON.parse(answer.trim().split('\n').at(-1)?.slice('closed '.length) ?? '{}')
    },
    async stop() {
      child.stdin?.end()
      await exit
    },
  }
}

/** The milliseconds of the answers to somebody else; the median, since the machine has other work too. */
async function medianAnswer(keepsConnection: boolean): Promise<number> {
  let client = createClient({ port: server.port })
  const times: number[] = []
  for (let round = 0; round < 41; round++) {
    const since = performance.now()
    const { status } = await client.ask('/api/health')
    times.push(performance.now() - since)
    expect(status).toBe(200)
    if (keepsConnection) continue
    client.close()
    client = createClient({ port: server.port })
  }
  client.close()
  return times.sort((a, b) => a - b)[20] ?? Number.NaN
}

describe('many connections on which little or nothing comes', () => {
  it('keep nobody else waiting, and those that never say what they want are closed', { timeout: 180_000 }, async () => {
    const [worker] = server.workers('web')
    const before = filesOf(worker)
    const client = await startSlowClient(COUNT)
    try {
      // All of them have got through to the worker.
      const held = await eventually(
        async () => filesOf(worker) - before,
        (files) => files >= COUNT * 0.95,
        30_000,
      )
      expect(held).toBeGreaterThanOrEqual(COUNT * 0.95)
      const [kept, fresh] = [await medianAnswer(true), await medianAnswer(false)]
      const memory = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${worker}/status`, 'utf8'))?.[1]) / 1024
      report('connections', {
        count: COUNT,
        held,
        keptMs: Math.round(kept),
        freshMs: Math.round(fresh),
        workerMb: Math.round(memory),
      })
      expect(kept).toBeLessThan(100)
      expect(fresh).toBeLessThan(100)
      // A third of them sent part of a head and go on, a third part of a line, a third nothing.
      const third = Math.floor(COUNT / 3)
      const closed = await eventually(
        () => client.closed(),
        ({ head = 0, line = 0, idle = 0 }) => Math.min(head, line, idle) >= third,
        HEADERS_SECONDS * 2_500,
      )
      expect(closed).toMatchObject({
        head: expect.closeTo(third, -1),
        line: expect.closeTo(third, -1),
        idle: expect.closeTo(third, -1),
      })
      expect(
        await eventually(
          async () => filesOf(worker) - before,
          (files) => files < 50,
          10_000,
        ),
      ).toBeLessThan(50)
    } finally {
      await client.stop()
    }
    expect(await medianAnswer(true)).toBeLessThan(100)
    expect(server.stderr()).not.toMatch(/"level":(?:50|60)/)
  })
})
