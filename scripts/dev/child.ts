import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from '../codegen/project.ts'

/** A process of the server. */
export interface Child {
  readonly isAlive: () => boolean
  /** Asks it to end, and waits until it has; one that takes too long (its database is gone) is killed. */
  stop(): Promise<void>
}

/** More than the GRACEFUL_TIMEOUT of `npm run dev`. */
const PATIENCE_MS = 6_000

/** Starts a command of the server; what it says goes to the terminal. */
export function startChild(command: string, env: NodeJS.ProcessEnv): Child {
  const child = spawn(process.execPath, ['src/start.js', command], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const isAlive = () => child.exitCode === null && child.signalCode === null
  return {
    isAlive,
    async stop() {
      if (!isAlive()) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
      await gone
      clearTimeout(late)
    },
  }
}

/** A web process that answers, and its port. */
export interface WebChild extends Child {
  readonly port: number
}

const POLL_MS = 10

/** Starts a web process; null when it ends before it answers (it has said why). */
export async function startWeb(env: NodeJS.ProcessEnv): Promise<WebChild | null> {
  const port = await freePort()
  const child = startChild('web', { ...env, BIND: `127.0.0.1:${port}` })
  while (child.isAlive()) {
    if (await accepts(port)) return { ...child, port }
    await sleep(POLL_MS)
  }
  return null
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
