import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { createClient } from './helpers/client.ts'
import { fetchStatus, isAlive, type StartOptions, type Supervisor, startSupervisor } from './helpers/supervisor.ts'

let database: TestDatabase
let folder: string
let running: Supervisor | undefined
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'ibutsu-workers-'))
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

const pidOf = async (server: Supervisor) => (await fetch(`${server.url}/__test/pid`)).text()

describe('a worker that is killed', () => {
  it('is logged as the document says, replaced at once, and takes no waiting connection along', async () => {
    const server = await start()
    const [first = 0] = server.workers('web')
    process.kill(first, 'SIGKILL')
    // The only worker is gone: this connection waits for the next.
    const answer = fetch(`${server.url}/__test/pid`, { headers: { connection: 'close' } })
    const terminated = await server.waitForLine(/was terminated/)
    expect(terminated).toMatch(
      new RegExp(
        `^\\[[-\\d]+ [\\d:]+ \\+0000\\] \\[${server.pid}\\] \\[WARNING\\] Worker with pid ${first} was terminated`,
      ),
    )
    expect(terminated).toContain('signal=SIGKILL')
    const second = await (await answer).text()
    expect(Number(second)).not.toBe(first)
    expect(server.stderr()).toMatch(new RegExp(`\\[${server.pid}\\] \\[INFO\\] Booting worker with pid: ${second}\\n`))
  })

  it('is given pauses when it crashes again and again', async () => {
    const server = await start()
    for (const _ of [1, 2, 3]) {
      const pid = await pidOf(server)
      await fetchStatus(`${server.url}/__test/crash`)
      await server.waitForLine(new RegExp(`pid ${pid} was terminated.*code=9`))
    }
    const at = (text: string) =>
      server
        .stderr()
        .split('\n')
        .filter((line) => line.includes(text)).length
    const began = performance.now()
    expect(
      await eventually(
        async () => at('Booting worker'),
        (count) => count === 4,
      ),
    ).toBe(4)
    expect(performance.now() - began).toBeGreaterThan(300)
    expect(await fetchStatus(`${server.url}/api/health`)).toBe(200)
  })

  it('is replaced gracefully when somebody sends TERM to the worker itself', async () => {
    const server = await start()
    const [first = 0] = server.workers('web')
    process.kill(first, 'SIGTERM')
    await server.waitForLine(new RegExp(`pid ${first} has ended`))
    expect(await pidOf(server)).not.toBe(String(first))
    expect(server.stderr()).not.toContain('was terminated')
  })
})

describe('a worker that hangs', () => {
  it('has its stack logged, naming the function, and is replaced', async () => {
    const server = await start({ env: { WORKER_TIMEOUT: '3' } })
    const [first = 0] = server.workers('web')
    const hanging = createClient({ port: server.port }).ask('/__test/hang')
    hanging.catch(() => undefined)
    await server.waitForLine(new RegExp(`\\[ERROR\\] Worker with pid ${first} does not answer`))
    await server.waitForLine(new RegExp(`\\[ERROR\\] Worker with pid ${first} was here`))
    await server.waitForLine(/^ {2}at spinForTest .*test-routes\.ts:/)
    expect(await server.waitForLine(/was terminated/)).toMatch(/reason=hung signal=SIGKILL/)
    await expect(hanging).rejects.toThrow('socket hang up')
    expect(await fetchStatus(`${server.url}/api/health`)).toBe(200)
    expect(isAlive(first)).toBe(false)
  })
})

describe('limits', () => {
  it('replace a worker that leaks, without failing a request', async () => {
    const server = await start({ env: { WORKER_MEMORY_LIMIT: '350Mi' } })
    const [first = 0] = server.workers('web')
    const client = createClient({ port: server.port })
    expect((await client.ask('/__test/leak')).text).toBe('leaked')
    await server.waitForLine(new RegExp(`\\[WARNING\\] Worker with pid ${first} is over its memory limit`))
    while (isAlive(first)) expect((await client.ask('/api/health')).status).toBe(200)
    expect(await pidOf(server)).not.toBe(String(first))
    expect(server.stderr()).not.toContain('terminated')
  })

  it('replace a worker after its number of requests', async () => {
    const server = await start({ env: { MAX_REQUESTS: '20', MAX_REQUESTS_JITTER: '5' } })
    const [first = 0] = server.workers('web')
    const client = createClient({ port: server.port })
    while (isAlive(first)) expect((await client.ask('/api/health')).status).toBe(200)
    expect(server.stderr()).toMatch(new RegExp(`pid ${first} has served its number of requests`))
  })

  it('give each worker its thread pool', async () => {
    const server = await start({ env: { GUNICORN_THREADS: '3' } })
    expect(await (await fetch(`${server.url}/__test/threads`)).text()).toBe('12')
  })

  it('have their allocator give memory back, unless the operator has set it otherwise', async () => {
    const server = await start({ env: { MALLOC_ARENA_MAX: '7' } })
    expect(await (await fetch(`${server.url}/__test/malloc`)).text()).toBe('7 16384')
  })
})

describe('a worker that cannot boot', () => {
  it('ends the program with exit code 3 and its error as the last line', async () => {
    const bootFails = join(folder, 'boot-fails')
    await writeFile(bootFails, '')
    running = await startSupervisor(
      {
        databaseUrl: database.url,
        hook: 'test-routes.ts',
        env: { TEST_BOOT_FAILS: bootFails, GUNICORN_PROCESSES: '2' },
      },
      { ready: false },
    )
    expect(await running.exit).toEqual({ code: 3, signal: null })
    expect(running.stderr().trim().split('\n').at(-1)).toBe('A web worker failed to boot: the disk ate my code')
    expect(running.stderr().match(/Booting worker/g)).toHaveLength(2)
    expect(running.workers()).toEqual([])
  })
})
