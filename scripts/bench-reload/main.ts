/**
 * `npm run bench:reload`: what clients notice of reloads, crashes, takeovers and a restart of the database.
 *
 * 64 keep-alive clients, 32 that open a connection per request and one sequential uploader, none of which tries again, run
 * through: 5 HUPs, a TTIN/TTOU cycle, a USR2 takeover, a 20 s restart of PostgreSQL (each must cost 0 requests), and 5
 * kill -9 of a web worker (only what that worker had in hand may fail). At the end every acknowledged result is read back.
 * First the same load runs against a plain `server.close()` drain, where failures must be seen.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { startEmbedded } from '../../src/db/embedded.ts'
import { admin } from '../bench/measure.ts'
import { findFreePort } from '../bench/processes.ts'
import { ask, type Load, newTally, pause, startLoad, type Tally, type Target } from './clients.ts'

const { values: options } = parseArgs({
  options: {
    workers: { type: 'string', default: '2' },
    outage: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly phase: string
  readonly requests: number
  readonly failures: readonly string[]
  readonly allowed: number
}

const log = pino({ level: 'warn' }, pino.destination(2))
const rows: Row[] = []
const out = (text: string) => process.stdout.write(`${text}\n`)

if (options.help) {
  out('npm run bench:reload -- [--workers 2] [--outage 20]')
  process.exit(0)
}

const folder = await mkdtemp(join(tmpdir(), 'ibutsu-reload-'))
await chmod(folder, 0o755)
let failed = true
try {
  await againstPlainServer()
  failed = !(await againstOurs())
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)

async function againstPlainServer(): Promise<void> {
  const port = await findFreePort()
  const script = fileURLToPath(new URL('./plain-server.js', import.meta.url))
  const server = spawn(process.execPath, [script], { env: { ...process.env, PORT: String(port) }, stdio: 'ignore' })
  const target = { port, token: 'none' }
  await untilAnswers(target, '/')
  const load = startLoad(target, ['/'], null)
  await pause(1_000)
  for (let n = 0; n < 5; n++) {
    server.kill('SIGHUP')
    await pause(1_000)
  }
  await load.stop()
  server.kill('SIGTERM')
  const { requests, failures } = load.tally
  out(`plain server.close(): ${failures.length} of ${requests} requests failed in 5 reloads`)
  if (failures.length === 0) throw new Error('the driver saw no failure where there must be some')
}

async function againstOurs(): Promise<boolean> {
  const dataDir = join(folder, 'data')
  let database = await startEmbedded({ dataDir, log })
  const port = await findFreePort()
  const pidFile = join(folder, 'ibutsu.pid')
  const supervisor = startSupervisor(port, database.url, pidFile)
  try {
    const target = { port, token: '' }
    await untilAnswers(target, '/api/health/ready')
    const token = await logIn(target)
    const upload = await addProject({ port, token })
    const paths = ['/api/health', `/api/run/${upload.runId}`, '/api/health/info', '/api/user']
    const load = startLoad({ port, token }, paths, upload)
    const signal = (name: NodeJS.Signals) => process.kill(supervisorPid(pidFile), name)
    await phase(load, 'nothing happens', 0, () => pause(3_000))
    await phase(load, '5 × HUP', 0, async () => {
      for (let n = 0; n < 5; n++) await reload(supervisor, () => signal('SIGHUP'))
    })
    await phase(load, 'TTIN, TTOU', 0, async () => {
      signal('SIGTTIN')
      await pause(3_000)
      signal('SIGTTOU')
      await pause(3_000)
    })
    await phase(load, '5 × kill -9 of a worker', 5 * 97, async () => {
      for (let n = 0; n < 5; n++) {
        const [worker] = webWorkers(supervisorPid(pidFile))
        if (worker) process.kill(worker, 'SIGKILL')
        await pause(2_500)
      }
    })
    await phase(load, 'USR2 takeover', 0, async () => {
      const former = supervisorPid(pidFile)
      process.kill(former, 'SIGUSR2')
      await until(() => readPid(`${pidFile}.2`) !== undefined || supervisorPid(pidFile) !== former, 20_000)
      await pause(3_000)
      process.kill(former, 'SIGTERM')
      await until(() => !isAlive(former), 40_000)
      await pause(1_000)
    })
    await phase(load, `PostgreSQL away for ${options.outage} s`, 0, async () => {
      await database.stop()
      await pause(Number(options.outage) * 1_000)
      database = await startEmbedded({ dataDir, log })
      await pause(5_000)
    })
    await load.stop()
    const missing = await countMissing({ port, token }, load.acknowledged)
    return report(load.acknowledged.length, missing)
  } finally {
    for (const pid of [readPid(pidFile), readPid(`${pidFile}.2`), supervisor.pid])
      if (pid && isAlive(pid)) process.kill(pid, 'SIGTERM')
    await until(() => [readPid(pidFile), supervisor.pid].every((pid) => !pid || !isAlive(pid)), 40_000)
    await database.stop()
  }
}

function startSupervisor(port: number, databaseUrl: string, pidFile: string): ChildProcess {
  const start = fileURLToPath(new URL('../../src/start.js', import.meta.url))
  return spawn(process.execPath, [start, 'serve', '--pid', pidFile, '--workers', options.workers], {
    stdio: ['ignore', 'ignore', process.env.VERBOSE ? 'inherit' : 'pipe'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      SQLALCHEMY_DATABASE_URI: databaseUrl,
      JWT_SECRET: 'a secret for the reload bench',
      IBUTSU_SUPERADMIN_EMAIL: admin.email,
      IBUTSU_SUPERADMIN_PASSWORD: admin.password,
      ROLES: 'web',
    },
  })
}

/** Signals, and waits until every worker is a new one. */
async function reload(supervisor: ChildProcess, signal: () => void): Promise<void> {
  const pid = supervisor.pid ?? 0
  const before = new Set(webWorkers(pid))
  signal()
  await until(() => {
    const now = webWorkers(pid)
    return now.length === before.size && now.every((worker) => !before.has(worker))
  }, 60_000)
}

async function phase(load: Load, name: string, allowed: number, work: () => Promise<void>): Promise<void> {
  load.tally = newTally()
  const tally: Tally = load.tally
  await work()
  await pause(500)
  rows.push({ phase: name, requests: tally.requests, failures: tally.failures, allowed })
  out(`${name}: ${tally.failures.length} of ${tally.requests} requests failed`)
  for (const [what, times] of Object.entries(countBy(tally.failures)).slice(0, 5)) out(`    ${times} × ${what}`)
}

function report(acknowledged: number, missing: number): boolean {
  out(`\n| phase | requests | failed | allowed |\n|---|---|---|---|`)
  for (const { phase: name, requests, failures, allowed } of rows) {
    out(`| ${name} | ${requests} | ${failures.length} | ${allowed === 0 ? 0 : 'in flight'} |`)
  }
  out(`\nacknowledged results: ${acknowledged}, missing: ${missing}`)
  return missing === 0 && rows.every(({ failures, allowed }) => failures.length <= allowed)
}

async function countMissing(target: Target, ids: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  let missing = 0
  for (const id of ids) if ((await ask(target, agent, 'GET', `/api/result/${id}`)).status !== 200) missing++
  agent.destroy()
  return missing
}

async function logIn(target: Target): Promise<string> {
  const { body } = await ask(target, new Agent(), 'POST', '/api/login', admin)
  return JSON.parse(body).token
}

async function addProject(target: Target): Promise<{ projectId: string; runId: string }> {
  const [projectId, runId] = [randomUUID(), randomUUID()]
  const agent = new Agent()
  await ask(target, agent, 'POST', '/api/project', { id: projectId, name: 'reload', title: 'Reload' })
  await ask(target, agent, 'POST', '/api/run', { id: runId, metadata: { project: projectId } })
  return { projectId, runId }
}

async function untilAnswers(target: Target, path: string): Promise<void> {
  await until(
    async () => (await ask(target, new Agent(), 'GET', path).catch(() => ({ status: 0 }))).status === 200,
    60_000,
  )
}

async function until(holds: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not happen in time')
    await pause(50)
  }
}

function supervisorPid(pidFile: string): number {
  const pid = readPid(pidFile)
  if (!pid) throw new Error('there is no supervisor')
  return pid
}

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

/** The web workers of a supervisor, from the process table. */
function webWorkers(supervisor: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
  return table
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === supervisor && /web/.test(match?.[3] ?? ''))
    .map((match) => Number(match?.[1]))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function countBy(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1
  return counts
}
