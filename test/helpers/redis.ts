import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'
import { describe } from 'vitest'
import { eventually } from './server.ts'

/** A real Redis without persistence: what it held is gone when it comes back. */
export interface TestRedis {
  readonly url: string
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  /** Starts it again, empty, at the same address. */
  restart(): Promise<void>
  /** Leaves all commands of clients unanswered for this long. */
  pause(ms: number): Promise<void>
  /** A command on a connection of its own. */
  run(...command: readonly [string, ...string[]]): Promise<unknown>
  stop(): Promise<void>
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** Tests that need Redis say that they did not run where there is none; where CI=true that fails. */
export const describeWithRedis = hasRedis || process.env.CI === 'true' ? describe : describe.skip
if (!hasRedis && process.env.CI !== 'true') process.stderr.write('redis-server is missing: its tests are left out\n')

export async function startRedis({ password }: { readonly password?: string } = {}): Promise<TestRedis> {
  const port = await freePort()
  const url = `redis://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${port}/1`
  let server: ChildProcess | undefined
  const kill = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  const run = async (name: string, ...values: readonly string[]) => {
    const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return await client.call(name, ...values)
    } finally {
      client.disconnect()
    }
  }
  const start = async () => {
    const auth = password ? ['--requirepass', password] : []
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    server = spawn('redis-server', [...flags, ...auth], { stdio: 'ignore' })
    await eventually(
      () => run('PING').catch(() => null),
      (answer) => answer === 'PONG',
    )
  }
  await start()
  return {
    url,
    kill,
    restart: start,
    run,
    pause: async (ms) => void (await run('CLIENT', 'PAUSE', String(ms), 'ALL')),
    stop: kill,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
