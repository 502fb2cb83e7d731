import { type ChildProcess, execFile, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../../../src/db/database.ts'
import { type Embedded, startEmbedded } from '../../../src/db/embedded.ts'
import { checkReach, EmbeddedError } from '../../../src/db/embedded-binaries.ts'
import { isRunning, readPidFile, removeStalePidFile } from '../../../src/db/postmaster.ts'
import { runSql } from '../../helpers/database.ts'
import type { SupervisorMessage } from '../../helpers/embedded-supervisor.ts'

const log = pino({ level: 'silent' })
const settings = ['fsync=off']
const supervisor = new URL('../../helpers/embedded-supervisor.ts', import.meta.url)

let dataDir: string
let cluster: string
const started = new Set<ChildProcess>()
const embedded = new Set<Embedded>()

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ibutsu-embedded-'))
  await chmod(dataDir, 0o755)
  cluster = join(dataDir, 'postgres')
})

afterEach(async () => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  started.clear()
  for (const { stop } of embedded) await stop()
  embedded.clear()
})

afterAll(async () => {
  // Whatever a failed test left running is taken over and stopped.
  await startEmbedded({ dataDir, log, settings }).then(({ stop }) => stop())
  await rm(dataDir, { recursive: true })
})

async function start(): Promise<Embedded> {
  const one = await startEmbedded({ dataDir, log, settings })
  embedded.add(one)
  return one
}

async function startSupervisor(): Promise<{ child: ChildProcess; said: SupervisorMessage }> {
  const child = fork(supervisor, [dataDir])
  started.add(child)
  const [said] = (await once(child, 'message')) as [SupervisorMessage]
  return { child, said }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10)
}

async function processGroup(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pgid=', '-p', String(pid)])
  return Number(stdout)
}

const postmaster = async () => (await readPidFile(cluster))?.pid ?? 0

test('makes a cluster and starts it again with everything in it', async () => {
  const first = await start()
  await runSql(first.url, 'create table kept (id integer)')
  expect((await stat(join(cluster, 'ibutsu.password'))).mode & 0o777).toBe(0o600)
  const pid = await postmaster()
  // Ctrl-C in a terminal reaches a whole process group.
  expect(await processGroup(pid)).toBe(pid)
  await first.stop()
  expect(await isRunning(pid)).toBe(false)
  expect(await readPidFile(cluster)).toBeUndefined()

  const second = await start()
  expect(second.url).toBe(first.url)
  await runSql(second.url, 'insert into kept values (1)')
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log'])
})

test('a second start on the folder says so and leaves the first alone', async () => {
  const { url } = await start()
  const { said } = await startSupervisor()
  expect(said).toMatchObject({ error: 'DataFolderInUseError', message: expect.stringContaining(cluster) })
  await runSql(url, 'select 1')
})

test('of two starts at the same time one wins', async () => {
  const said = (await Promise.all([startSupervisor(), startSupervisor()])).map((one) => one.said)
  const [won, lost] = said.sort((one) => ('url' in one ? -1 : 1))
  expect(won).toHaveProperty('url')
  expect(lost).toMatchObject({ error: 'DataFolderInUseError' })
})

test('the PostgreSQL of a killed supervisor is taken over', async () => {
  const { child, said } = await startSupervisor()
  const pid = await postmaster()
  await kill(child)
  expect(await isRunning(pid)).toBe(true)
  const { url, stop } = await start()
  expect({ url }).toEqual(said)
  expect(await postmaster()).toBe(pid)
  await stop()
  expect(await isRunning(pid)).toBe(false)
})

test('a supervisor and a PostgreSQL killed together leave nothing in the way', async () => {
  const { child, said } = await startSupervisor()
  if ('url' in said) await runSql(said.url, 'create table if not exists kept (id integer)', 'checkpoint')
  process.kill(await postmaster(), 'SIGKILL')
  await kill(child)
  expect(await readPidFile(cluster)).toBeDefined()
  const { url } = await start()
  await runSql(url, 'select from kept')
})

test('a PostgreSQL killed under a running supervisor comes back on the same address', async () => {
  const { url } = await start()
  const db = createDatabase({ url, log, applicationName: 'embedded-test', retryMs: 15_000 })
  try {
    await db.query({ text: 'select 1' })
    const pid = await postmaster()
    process.kill(pid, 'SIGKILL')
    await db.query({ text: 'select 1' })
    await until(async () => (await postmaster()) !== pid)
    await db.query({ text: 'select 1' })
  } finally {
    await db.close()
  }
})

test('what keeps a killed PostgreSQL from starting again may last', { timeout: 60_000 }, async () => {
  const warned: string[] = []
  const error = Promise.withResolvers<void>()
  const noted = pino({
    level: 'error',
    hooks: {
      logMethod(args) {
        warned.push(String(args.at(-1)))
        error.resolve()
      },
    },
  })
  const own = await startEmbedded({ dataDir, log: noted, settings })
  embedded.add(own)
  const broken = join(cluster, 'global.away')
  await rename(join(cluster, 'global'), broken)
  process.kill(await postmaster(), 'SIGKILL')
  await error.promise
  await rename(broken, join(cluster, 'global'))
  expect(warned[0]).toMatch(/could not be started again/)
  const answers = () => runSql(own.url, 'select 1').then(Boolean, () => false)
  await until(answers)
})

test('a pid file whose process id now belongs to a stranger is removed', async () => {
  await (await start()).stop()
  const stranger = spawn('sleep', ['60'])
  started.add(stranger)
  await writeFile(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n1700000000\n1\n\n127.0.0.1\n`)
  const { url } = await start()
  await runSql(url, 'select 1')
  expect(await isRunning(stranger.pid ?? 0)).toBe(true)
})

test('a pid file is kept while any process of the cluster runs', async () => {
  const { url } = await start()
  expect(await removeStalePidFile(cluster)).toBe(false)
  await runSql(url, 'select 1')
})

test('a start that was killed while it made the cluster is cleared away', async () => {
  const other = await mkdtemp(join(tmpdir(), 'ibutsu-embedded-'))
  await chmod(other, 0o755)
  const child = fork(supervisor, [other])
  started.add(child)
  await until(async () => (await readdir(other)).some((name) => name.startsWith('postgres.new-')))
  await kill(child)
  const { stop } = await startEmbedded({ dataDir: other, log, settings })
  await stop()
  expect((await readdir(other)).sort()).toEqual(['postgres', 'postgres.log'])
  await rm(other, { recursive: true })
})

test('a folder that the user postgres cannot enter is named', async () => {
  const closed = await mkdtemp(join(tmpdir(), 'ibutsu-closed-'))
  try {
    const stranger = { uid: 54_321, gid: 54_321 }
    await expect(checkReach(join(closed, 'a'), stranger)).rejects.toThrow(EmbeddedError)
    await expect(checkReach(join(closed, 'a'), stranger)).rejects.toThrow(`${closed} (mode 0700)`)
    await checkReach(join(closed, 'a'), undefined)
    await chmod(closed, 0o711)
    await checkReach(join(closed, 'a'), stranger)
  } finally {
    await rm(closed, { recursive: true })
  }
})

test('what PostgreSQL says when it cannot start reaches the reader', async () => {
  const bad = startEmbedded({ dataDir, log, settings: ['shared_buffers=nonsense'] })
  await expect(bad).rejects.toThrow(/does not start.*shared_buffers/)
  expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('shared_buffers')
})
