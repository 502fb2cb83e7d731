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
  /** SIGSTOP and SIGCONT, say. */
  signal(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** Tests that need Redis say that they did not run where there is none; where CI=true that fails. */
export const describeWithRedis = hasRedis || process.env.CI === 'true' ? describe : describe.skip
if (!hasRedis && process.env.CI !== 'true') process.stderr.write('redis-server is missing: its tests are left out\n')

export interface TestRedisOptions {
  readonly password?: string
  /** Speaks TLS alone, with this certificate (file names); clients are not asked for one. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** How long it may take to answer. */
  readonly startMs?: number
  /** The program, for a test of this helper. */
  readonly program?: string
  /** In front of the command, `ip netns exec …` say; then also the address at which it is found. */
  readonly prefix?: readonly string[]
  readonly host?: string
}

/** Starts one on a free port. @throws Error when it does not answer in time. */
export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const { password, tls, startMs = 10_000, program = 'redis-server', prefix = [], host = '127.0.0.1' } = options
  const port = await freePort()
  const account = password ? `:${encodeURIComponent(password)}@` : ''
  const url = `${tls ? 'rediss' : 'redis'}://${account}${host}:${port}/1`
  let server: ChildProcess | undefined
  const kill = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  const run = async (name: string, ...values: readonly string[]) => {
    const client = new Redis(url, {
      ...{ lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null },
      ...(tls ? { tls: { rejectUnauthorized: false } } : {}),
    })
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
    const ports = tls
      ? ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no', '--tls-ca-cert-file', tls.cert]
      : ['--port', String(port)]
    const certificate = tls ? ['--tls-cert-file', tls.cert, '--tls-key-file', tls.key] : []
    const flags = ['--bind', host, '--protected-mode', 'no', '--save', '', '--appendonly', 'no']
    const [command = '', ...rest] = [...prefix, program, ...ports, ...certificate, ...flags, ...auth]
    server = spawn(command, rest, { stdio: 'ignore' })
    const answer = await eventually(
      () => run('PING').catch((error: Error) => error.message),
      (said) => said === 'PONG',
      startMs,
    )
    if (answer !== 'PONG') {
      await kill()
      throw new Error(`${program} does not answer on port ${port}: ${answer}`)
    }
  }
  await start()
  return {
    url,
    kill,
    restart: start,
    run,
    signal: (signal) => void server?.kill(signal),
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
