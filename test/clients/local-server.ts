import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const startMs = 60_000
const stopMs = 30_000
const root = join(import.meta.dirname, '../..')

export const superadmin = { email: 'admin@example.com', password: 'admin12345' }

export interface LocalServer {
  readonly url: string
  /** Where the server takes the web pages to be; nothing listens there. */
  readonly frontendUrl: string
  /** The file with all that it says on standard error. */
  readonly log: string
  /** Ends the process that was started, and waits for it. */
  stop(): Promise<void>
  /** The last lines of its log that are no plain information. */
  complaints(): Promise<string>
}

/**
 * Starts the program as a user would (`serve`, embedded database) on a free port, with its data in `folder`. Every answer
 * is checked against the spec: one that breaks it arrives as a 500.
 * @throws Error when it ends or is not ready in time; the message has the end of its log
 */
export async function startLocalServer(folder: string): Promise<LocalServer> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const frontendUrl = `http://127.0.0.1:${await findFreePort()}`
  const log = join(folder, 'server.log')
  const child = spawn(process.execPath, [join(root, 'src/start.js'), 'serve'], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      HOST: '127.0.0.1',
      PORT: String(port),
      BACKEND_URL: url,
      FRONTEND_URL: frontendUrl,
      DATA_DIR: join(folder, 'data'),
      IBUTSU_SUPERADMIN_EMAIL: superadmin.email,
      IBUTSU_SUPERADMIN_PASSWORD: superadmin.password,
      BCRYPT_LOG_ROUNDS: '4',
      VALIDATE_ANSWERS: 'true',
      ACCESS_LOG: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Standard output has the requests, standard error what the program has to say.
  child.stdout.pipe(createWriteStream(join(folder, 'access.log')))
  child.stderr.pipe(createWriteStream(log))
  const ended = once(child, 'exit')
  const complaints = async () => lastComplaints(await readFile(log, 'utf8').catch(() => ''))

  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), stopMs)
      await ended
      clearTimeout(late)
    }
  }

  const end = Date.now() + startMs
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > end) {
      await stop()
      throw new Error(`the server did not start:\n${await complaints()}`)
    }
    await sleep(100)
  }
  return { url, frontendUrl, log, stop, complaints }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/api/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  )
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

/** Lines that are no information of the server's log; 30 is pino's number of that level. */
function lastComplaints(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !/^\{"level":[123]0,/.test(line))
  return lines.slice(-30).join('\n')
}
