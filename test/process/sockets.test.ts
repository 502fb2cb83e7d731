import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { createClient, startLoad } from './helpers/client.ts'
import { fetchStatus, isAlive, type StartOptions, type Supervisor, startSupervisor } from './helpers/supervisor.ts'

let database: TestDatabase
let folder: string
let running: Supervisor[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'ibutsu-sockets-'))
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})
afterEach(async () => {
  await Promise.all(running.map((server) => server.kill()))
  running = []
})

async function start(options: StartOptions = {}, { ready = true } = {}): Promise<Supervisor> {
  const server = await startSupervisor(
    { databaseUrl: database.url, hook: 'test-routes.ts', cwd: folder, ...options },
    { ready },
  )
  running.push(server)
  return server
}

describe('a supervisor that is killed with -9', () => {
  it('leaves no process and no port behind, and lets a request finish', async () => {
    const server = await start({ env: { GUNICORN_PROCESSES: '2', ROLES: 'web,worker' } })
    const all = server.workers()
    expect(all).toHaveLength(3)
    const slow = createClient({ port: server.port }).ask('/__test/slow?ms=1000')
    await fetchStatus(`${server.url}/api/health`)
    server.signal('SIGKILL')
    expect(
      await eventually(
        () => fetchStatus(server.url),
        (status) => status === 0,
      ),
    ).toBe(0)
    expect((await slow).text).toBe('slow')
    expect(
      await eventually(
        async () => all.filter(isAlive),
        (alive) => alive.length === 0,
        10_000,
      ),
    ).toEqual([])
    await start({ env: { PORT: String(server.port) } })
  })

  it('takes a worker along that hangs', async () => {
    const server = await start()
    const [worker = 0] = server.workers('web')
    createClient({ port: server.port })
      .ask('/__test/hang')
      .catch(() => undefined)
    // Its event loop stands still: it does not answer.
    const answers = () =>
      Promise.race([fetchStatus(`${server.url}/api/health`), new Promise((r) => setTimeout(r, 300, 0))])
    await eventually(answers, (status) => status === 0)
    server.signal('SIGKILL')
    expect(
      await eventually(
        async () => isAlive(worker),
        (alive) => !alive,
        30_000,
      ),
    ).toBe(false)
  })
})

/** A listening socket of this process, to be inherited. */
async function holdSocket(): Promise<{ readonly holder: Server; readonly fd: number; readonly port: number }> {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { fd } = (holder as unknown as { _handle: { fd: number } })._handle
  return { holder, fd, port: (holder.address() as { port: number }).port }
}

describe('an inherited socket', () => {
  it('serves on --bind fd://3', async () => {
    const { holder, fd, port } = await holdSocket()
    const server = await start({ fd, env: { PORT: String(port) }, args: ['--bind', 'fd://3'] }, { ready: false })
    holder.close()
    await server.waitForReady()
    expect(await fetchStatus(`http://127.0.0.1:${port}/api/health`)).toBe(200)
    server.signal('SIGTERM')
    expect(await server.exit).toEqual({ code: 0, signal: null })
    expect(await fetchStatus(`http://127.0.0.1:${port}/`)).toBe(0)
  })
})

describe('a Unix socket', () => {
  const ask = (path: string) => createClient({ socketPath: path }).ask('/api/health')

  it('replaces the file of a killed server, is open to a proxy of another user, and goes with the server', async () => {
    const path = join(folder, 'web.sock')
    const options = { args: ['--bind', `unix:${path}`] }
    const killed = await start(options, { ready: false })
    await killed.waitForLine(/is ready/)
    await killed.kill()
    expect(existsSync(path)).toBe(true)
    await expect(ask(path)).rejects.toThrow('ECONNREFUSED')

    const server = await start(options, { ready: false })
    await server.waitForLine(/is ready/)
    expect((await ask(path)).status).toBe(200)
    expect(statSync(path).mode & 0o777).toBe(0o666)

    const second = await start(options, { ready: false })
    expect((await second.exit).code).toBe(4)
    expect((await ask(path)).status).toBe(200)
    server.signal('SIGTERM')
    expect((await server.exit).code).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  it('is handed over (USR2) and stays', async () => {
    const path = join(folder, 'handed.sock')
    const server = await start({ args: ['--bind', `unix:${path}`] }, { ready: false })
    await server.waitForLine(/is ready/)
    const successor = await handOver(server)
    server.signal('SIGTERM')
    await server.waitForLine(/Shutting down/)
    expect((await ask(path)).status).toBe(200)
    process.kill(successor, 'SIGTERM')
    expect(
      await eventually(
        async () => existsSync(path),
        (exists) => !exists,
      ),
    ).toBe(false)
  })
})

/** Sends USR2 and waits until the successor serves; gives its pid. */
async function handOver(server: Supervisor): Promise<number> {
  const from = server.mark()
  server.signal('SIGUSR2')
  const pid = Number(/pid (\d+)/.exec(await server.waitForLine(/The successor has pid/, 10_000, from))?.[1])
  successors.push(pid)
  await server.waitForLine(/is ready/, 15_000, from)
  return pid
}
const successors: number[] = []
afterEach(() => {
  for (const pid of successors.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
})

describe('USR2', () => {
  it('hands the socket to a successor without a failed request; TERM to the old one ends the takeover', async () => {
    const pidFile = join(folder, 'takeover.pid')
    const server = await start({ env: { PID_FILE: pidFile } })
    const load = startLoad(server.port, '/api/health')
    const successor = await handOver(server)
    expect(await readFile(pidFile, 'utf8')).toBe(`${server.pid}\n`)
    expect(await readFile(`${pidFile}.2`, 'utf8')).toBe(`${successor}\n`)

    server.signal('SIGUSR2')
    await server.waitForLine(/\[ERROR\] A takeover is under way already/)

    server.signal('SIGTERM')
    await server.waitForLine(new RegExp(`\\[${server.pid}\\] \\[INFO\\] Shutting down`))
    expect(
      await eventually(
        async () => existsSync(`${pidFile}.2`),
        (exists) => !exists,
      ),
    ).toBe(false)
    expect(await readFile(pidFile, 'utf8')).toBe(`${successor}\n`)
    const before = load.count()
    await eventually(
      async () => load.count(),
      (count) => count > before + 100,
    )
    expect(await load.stop()).toEqual([])
    expect(await fetchStatus(`${server.url}/api/health`)).toBe(200)
    process.kill(successor, 'SIGTERM')
    // The successor has the same standard error, so "close" comes with its end.
    expect(await server.exit).toEqual({ code: 0, signal: null })
    expect(await fetchStatus(server.url)).toBe(0)
    expect(existsSync(pidFile)).toBe(false)
  })

  it('is taken back by TERM to the successor', async () => {
    const server = await start()
    const successor = await handOver(server)
    const load = startLoad(server.port, '/api/health')
    process.kill(successor, 'SIGTERM')
    await server.waitForLine(new RegExp(`The successor with pid ${successor} has ended`))
    expect(await load.stop()).toEqual([])
    expect(await fetchStatus(`${server.url}/api/health`)).toBe(200)
  })
})
