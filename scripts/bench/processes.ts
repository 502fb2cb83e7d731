import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const START_MS = 60_000
const STOP_MS = 10_000

/** A server under test. */
export interface Served {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

export interface ServeOptions {
  readonly name: string
  /** Arguments for Node. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly port: number
  readonly cwd: string
  /** Where its standard error goes; standard output is thrown away. */
  readonly logFile: string
  readonly signal: AbortSignal
}

/** Starts a server and waits until its health answers; a server that ends or stays silent is an error with its log. */
export async function startServer(options: ServeOptions): Promise<Served> {
  const { name, args, env, port, cwd, logFile, signal } = options
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', openSync(logFile, 'a')] })
  const url = `http://127.0.0.1:${port}`
  const end = performance.now() + START_MS
  while (!(await isHealthy(url))) {
    if (hasEnded(child) || signal.aborted || performance.now() > end) {
      await stopChild(child)
      signal.throwIfAborted()
      throw new Error(`${name} does not serve:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
    }
    await sleep(50)
  }
  return { url, pid: child.pid ?? 0, stop: () => stopChild(child) }
}

/** Runs a command to its end, its output line by line to `onLine`; another exit code than 0 is an error. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; signal: AbortSignal; onLine?: (line: string) => void },
): Promise<void> {
  const child = spawn(command, args, { env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => void child.kill('SIGTERM')
  options.signal.addEventListener('abort', stop, { once: true })
  let rest = ''
  const errors: string[] = []
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) options.onLine?.(line)
  })
  child.stderr.on('data', (chunk) => errors.push(String(chunk)))
  const [code] = await once(child, 'close')
  options.signal.removeEventListener('abort', stop)
  options.signal.throwIfAborted()
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${errors.join('').slice(-2000)}`)
  for (const text of errors) process.stderr.write(text)
}

/** A port that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free on 127.0.0.1')
  return address.port
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(timer)
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}
