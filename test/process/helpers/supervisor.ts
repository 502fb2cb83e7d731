import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { eventually } from '../../helpers/server.ts'

const here = dirname(fileURLToPath(import.meta.url))
const start = join(here, '../../../src/start.js')

export interface StartOptions {
  /** Settings besides those of a test; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** After `serve`. */
  readonly args?: readonly string[]
  /** Instead of `serve`. */
  readonly command?: string
  readonly databaseUrl?: string | undefined
  /** A module that is loaded into every process before the program (test/process/helpers/hooks). */
  readonly hook?: string
  readonly cwd?: string
  /** Passed as file descriptor 3. */
  readonly fd?: number
  /** In front of the command: `ip netns exec …`. */
  readonly prefix?: readonly string[]
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A real supervisor with real workers. */
export interface Supervisor {
  readonly pid: number
  /** Where it serves, unless it was told where to listen. */
  readonly url: string
  readonly port: number
  readonly process: ChildProcess
  stdout(): string
  stderr(): string
  /** The processes that are there now, from /proc: children of the supervisor by role (web, job, prepare). */
  workers(role?: string): readonly number[]
  signal(signal: NodeJS.Signals): void
  /** Resolves with the first line of standard error that matches, also one that is there already; `from` skips lines. */
  waitForLine(pattern: RegExp, timeoutMs?: number, from?: number): Promise<string>
  /** Waits until `count` web workers are ready, by the log. */
  waitForReady(count?: number): Promise<void>
  /** How much of standard error there is now, for `from`. */
  mark(): number
  readonly exit: Promise<Exit>
  /** Ends it and everything below it, for the end of a test. */
  kill(): Promise<void>
}

/** Starts the program; resolves when it answers, or with `ready: false` at once. */
export async function startSupervisor(options: StartOptions = {}, { ready = true } = {}): Promise<Supervisor> {
  const port = Number(options.env?.PORT ?? (await freePort()))
  const { fd, hook, prefix = [] } = options
  const host = options.env?.HOST ?? '127.0.0.1'
  const [command = '', ...rest] = [
    ...prefix,
    process.execPath,
    start,
    options.command ?? 'serve',
    ...(options.args ?? []),
  ]
  const child = spawn(command, rest, {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe', ...(fd === undefined ? [] : [fd])],
    env: testEnvironment(options, port, hook),
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Exit)
  const pid = child.pid ?? 0
  let ended = false
  void exit.then(() => {
    ended = true
  })
  const family = new Set<number>()
  const workers = (role?: string) => {
    const found = childrenOf(pid, role === undefined ? undefined : new RegExp(`(ibutsu|child) ${role}\\b`))
    for (const worker of found) family.add(worker)
    return found
  }

  const supervisor: Supervisor = {
    pid,
    url: `http://${host}:${port}`,
    port,
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    workers,
    signal: (signal) => void child.kill(signal),
    async waitForLine(pattern, timeoutMs = 15_000, from = 0) {
      const find = async () =>
        stderr
          .slice(from)
          .split('\n')
          .find((line) => pattern.test(line))
      const line = await eventually(find, (value) => value !== undefined || ended, timeoutMs)
      if (line === undefined) throw new Error(`no line ${pattern} in:\n${stderr.slice(from)}`)
      return line
    },
    async waitForReady(count = 1) {
      const answers = async () => (await fetchStatus(`http://${host}:${port}/api/health`)) === 200
      const isReady = await eventually(answers, (value) => value || ended, 20_000)
      if (!isReady) throw new Error(`it does not answer:\n${stderr}`)
      await eventually(
        async () => workers('web').length,
        (length) => length >= count || ended,
      )
    },
    mark: () => stderr.length,
    exit,
    async kill() {
      workers()
      child.kill('SIGKILL')
      for (const worker of family) killQuietly(worker)
      await exit
    },
  }
  const processes = options.command ? 0 : Number(options.env?.GUNICORN_PROCESSES ?? 1)
  if (ready) await supervisor.waitForReady(processes)
  return supervisor
}

function testEnvironment({ env, databaseUrl }: StartOptions, port: number, hook?: string): NodeJS.ProcessEnv {
  const all: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    HOST: '127.0.0.1',
    PORT: String(port),
    SQLALCHEMY_DATABASE_URI: databaseUrl,
    JWT_SECRET: 'a secret for tests',
    IBUTSU_SUPERADMIN_EMAIL: 'admin@example.com',
    IBUTSU_SUPERADMIN_PASSWORD: 'admin12345',
    BCRYPT_LOG_ROUNDS: '4',
    DB_POOL_SIZE: '3',
    ROLES: 'web',
    LOG_LEVEL: 'debug',
    ...(hook ? { NODE_OPTIONS: `--import=${pathToFileURL(join(here, 'hooks', hook)).href}` } : {}),
    ...env,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/** The status of an answer, 0 when nobody answers. */
export async function fetchStatus(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  try {
    const answer = await fetch(url, { headers: { connection: 'close', ...headers }, redirect: 'manual' })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0
  }
}

export function isAlive(pid: number): boolean {
  try {
    // A zombie has ended; nobody has asked for its exit code yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** The children of a process that live, all of them or those whose command line matches. */
export function childrenOf(parent: number, title?: RegExp): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8')
        if (!new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status) || /^State:\s+Z/m.test(status)) return false
        return title === undefined || title.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
      } catch {
        return false
      }
    })
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** A token of the superadmin, for requests with access. */
export async function logIn(url: string, email = 'admin@example.com'): Promise<string> {
  const answer = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'admin12345' }),
  })
  const { token } = (await answer.json()) as { token?: string }
  if (!token) throw new Error(`cannot log in: ${answer.status}`)
  return token
}
