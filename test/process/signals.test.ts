import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { createClient, startLoad } from './helpers/client.ts'
import { fetchStatus, isAlive, type StartOptions, type Supervisor, startSupervisor } from './helpers/supervisor.ts'

let database: TestDatabase
let folder: string
let running: Supervisor | undefined
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'ibutsu-signals-'))
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})
afterEach(() => running?.kill())

async function start(options: StartOptions = {}): Promise<Supervisor> {
  running = await startSupervisor({ databaseUrl: database.url, hook: 'test-routes.ts', cwd: folder, ...options })
  return running
}

const workerCount = (server: Supervisor, wanted: number) =>
  eventually(
    async () => server.workers('web').length,
    (count) => count === wanted,
    15_000,
  )

describe('TERM', () => {
  it('ends everything, with exit code 0', async () => {
    const server = await start({
      env: { GUNICORN_PROCESSES: '2', ROLES: 'web,worker', PID_FILE: join(folder, 'term.pid') },
    })
    const all = server.workers()
    expect(all).toHaveLength(3)
    expect(await readFile(join(folder, 'term.pid'), 'utf8')).toBe(`${server.pid}\n`)
    server.signal('SIGTERM')
    expect(await server.exit).toEqual({ code: 0, signal: null })
    expect(all.filter(isAlive)).toEqual([])
    expect(server.stderr()).not.toContain('terminated')
    await expect(readFile(join(folder, 'term.pid'))).rejects.toThrow('ENOENT')
  })

  it('lets a long request finish, says 503 to readiness meanwhile, and accepts nobody', async () => {
    const server = await start()
    const probe = createClient({ port: server.port })
    expect((await probe.ask('/api/health/ready')).status).toBe(200)
    const client = createClient({ port: server.port })
    const slow = client.ask('/__test/slow?ms=1500')
    await eventually(
      async () => client.connections(),
      (count) => count === 1,
    )
    const pids = server.workers()
    // The worker must have begun with it.
    await probe.ask('/api/health')
    server.signal('SIGTERM')
    await server.waitForLine(/Handling signal: stop/)
    expect(
      await eventually(
        () => fetchStatus(server.url),
        (status) => status === 0,
      ),
    ).toBe(0)
    const answer = await probe.ask('/api/health/ready')
    expect([answer.status, answer.headers.connection]).toEqual([503, 'close'])
    expect(pids.every(isAlive)).toBe(true)
    expect(await slow).toMatchObject({ status: 200, text: 'slow', headers: { connection: 'close' } })
    expect(await server.exit).toEqual({ code: 0, signal: null })
  })

  it('cuts off what takes longer than the graceful timeout', async () => {
    const server = await start({ env: { GRACEFUL_TIMEOUT: '0.5' } })
    const slow = createClient({ port: server.port }).ask('/__test/slow?ms=60000')
    await fetchStatus(`${server.url}/api/health`)
    server.signal('SIGTERM')
    await expect(slow).rejects.toThrow('socket hang up')
    expect(await server.exit).toEqual({ code: 0, signal: null })
    expect(server.stderr()).not.toContain('terminated')
  })
})

describe.each(['SIGINT', 'SIGQUIT'] as const)('%s', (signal) => {
  it('ends everything at once', async () => {
    const server = await start()
    const slow = createClient({ port: server.port }).ask('/__test/slow?ms=60000')
    await fetchStatus(`${server.url}/api/health`)
    server.signal(signal)
    await expect(slow).rejects.toThrow('socket hang up')
    expect(await server.exit).toEqual({ code: 0, signal: null })
  })
})

it('a quick stop overtakes a graceful one', async () => {
  const server = await start()
  const slow = createClient({ port: server.port }).ask('/__test/slow?ms=60000')
  slow.catch(() => undefined)
  await fetchStatus(`${server.url}/api/health`)
  server.signal('SIGTERM')
  await server.waitForLine(/Handling signal: stop/)
  server.signal('SIGINT')
  await expect(slow).rejects.toThrow('socket hang up')
  expect(await server.exit).toEqual({ code: 0, signal: null })
})

describe('TTIN and TTOU', () => {
  it('add and take away workers, never the last', async () => {
    const server = await start()
    server.signal('SIGTTIN')
    expect(await workerCount(server, 2)).toBe(2)
    server.signal('SIGTTIN')
    expect(await workerCount(server, 3)).toBe(3)
    await eventually(
      async () => server.stderr().match(/is ready/g)?.length,
      (count) => count === 3,
    )
    for (const wanted of [2, 1]) {
      server.signal('SIGTTOU')
      expect(await workerCount(server, wanted)).toBe(wanted)
    }
    const last = server.workers('web')
    server.signal('SIGTTOU')
    await eventually(
      async () => server.stderr().match(/fewer-workers/g)?.length,
      (count) => count === 3,
    )
    expect(await fetchStatus(`${server.url}/api/health`)).toBe(200)
    expect(server.workers('web')).toEqual(last)
  })
})

describe('HUP', () => {
  it('replaces all workers under load without a failed request, with new settings', async () => {
    const file = join(folder, 'reload.yaml')
    await writeFile(file, 'FRONTEND_URL: http://before\nGUNICORN_PROCESSES: 2\n')
    const server = await start({ env: { APP_CONFIG: file } })
    expect(await workerCount(server, 2)).toBe(2)
    const old = server.workers('web')
    const load = startLoad(server.port, '/api/health')
    await writeFile(file, 'FRONTEND_URL: http://after\nGUNICORN_PROCESSES: 2\n')
    server.signal('SIGHUP')
    const gone = await eventually(
      async () => old.filter(isAlive),
      (alive) => alive.length === 0,
      20_000,
    )
    expect(await load.stop()).toEqual([])
    expect(gone).toEqual([])
    expect(load.count()).toBeGreaterThan(100)
    expect(await workerCount(server, 2)).toBe(2)
    const { token } = (await (
      await fetch(`${server.url}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"email":"admin@example.com","password":"admin12345"}',
      })
    ).json()) as { token: string }
    const info = await fetch(`${server.url}/api/health/info`, { headers: { authorization: `Bearer ${token}` } })
    expect(await info.json()).toMatchObject({ frontend: 'http://after' })
  })

  it('keeps the old workers when a setting is wrong, or a new worker does not boot', async () => {
    const file = join(folder, 'bad.yaml')
    const bootFails = join(folder, 'boot-fails')
    await writeFile(file, 'GUNICORN_PROCESSES: 1\n')
    const server = await start({ env: { APP_CONFIG: file, TEST_BOOT_FAILS: bootFails } })
    const old = server.workers('web')
    await writeFile(file, 'GUNICORN_PROCESSES: many\n')
    server.signal('SIGHUP')
    await server.waitForLine(/\[ERROR\] The reload failed, the old workers stay: .*GUNICORN_PROCESSES/)
    await writeFile(file, 'GUNICORN_PROCESSES: 1\n')
    await writeFile(bootFails, '')
    server.signal('SIGHUP')
    await server.waitForLine(/\[ERROR\] The reload failed, the old workers stay: the disk ate my code/)
    expect(await fetchStatus(`${server.url}/api/health`)).toBe(200)
    expect(await workerCount(server, 1)).toBe(1)
    expect(server.workers('web')).toEqual(old)
    await rm(bootFails)
    server.signal('SIGHUP')
    expect(
      await eventually(
        async () => old.some(isAlive),
        (alive) => !alive,
        15_000,
      ),
    ).toBe(false)
    expect(await fetchStatus(`${server.url}/api/health`)).toBe(200)
  })
})
