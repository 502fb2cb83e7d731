/**
 * `npm run bench:import`: one large import into a server of three parts (web, worker, scheduler, each under its supervisor,
 * with Redis where it is installed), while another client reads a run the whole time. Prints how many results a second
 * went in, the most memory that each process held, the CPU time of each part (which tells how fast it would be on a machine
 * that does nothing else), and how long the reads took; `--help` prints the options.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BenchDatabase, openBenchDatabase } from '../bench/bench-database.ts'
import { admin } from '../bench/measure.ts'
import { findFreePort, runCommand, startServer } from '../bench/processes.ts'
import { type ProcessWatch, watchProcesses } from './process-watch.ts'
import { startReader } from './reader.ts'
import { sendFile } from './send-file.ts'

const HELP = `Usage: npm run bench:import -- [options]

  --kind KIND      junit (a file of 180 bytes per result) or archive (a .tar.gz with artifacts) (junit)
  --results N      results in the file (junit 500000, archive 20000)
  --bytes N        size of an archive, about (900000000)
  --file FILE      import this one instead of making one
  --again          import it twice into the same run: the second time everything is updated (JUnit)
  --db URL         make the database on this PostgreSQL server (one of its own, in a temporary folder)
  --no-redis       jobs go through PostgreSQL alone
  --max-mb N       fail when a process held more (250)
  --min-rate N     fail when fewer results a second went in, from the first byte sent to the end (junit 8000, archive 0)
  --max-p99 N      fail when the 99th percentile of the reads took longer, in ms (50)
`
const root = fileURLToPath(new URL('../..', import.meta.url))
const start = join(root, 'src/start.js')

const { values: given } = parseArgs({
  options: {
    kind: { type: 'string', default: 'junit' },
    results: { type: 'string' },
    bytes: { type: 'string', default: '900000000' },
    file: { type: 'string' },
    again: { type: 'boolean', default: false },
    db: { type: 'string' },
    'no-redis': { type: 'boolean', default: false },
    'max-mb': { type: 'string', default: '250' },
    'min-rate': { type: 'string' },
    'max-p99': { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
})

const isArchive = given.kind === 'archive'
const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupt.abort(new Error(`stopped by ${signal}`)))

const say = (text: string) => process.stderr.write(`bench: ${text}\n`)

/** What has to be ended, in the order of its beginning. */
const running: { stop(): Promise<void> }[] = []

async function main(): Promise<void> {
  if (given.help) return void process.stdout.write(HELP)
  const database = await openBenchDatabase(given.db)
  try {
    const file = given.file ?? (await makeFile(database.folder))
    const redis = given['no-redis'] ? null : await startRedis()
    say(`importing ${Math.round(statSync(file).size / 1e6)} MB ${redis ? 'with' : 'without'} Redis`)
    const { url, pids } = await startParts(database, redis)
    const token = await logIn(url)
    const project = await make(url, token, '/api/project', { name: 'bench', title: 'Bench' })
    const read = await make(url, token, '/api/run', { metadata: { project } })
    const failures: string[] = []
    for (let n = 0; n < (given.again ? 2 : 1); n++) {
      failures.push(...(await measure({ url, token, project, file, readId: read, watch: watchProcesses(pids) })))
    }
    if (failures.length > 0) throw new Error(`over the limits: ${failures.join('; ')}`)
  } finally {
    for (const part of running.toReversed()) await part.stop()
    await database.close()
  }
}

interface Subject {
  readonly url: string
  readonly token: string
  readonly project: string
  readonly file: string
  /** The run that the other client reads. */
  readonly readId: string
  readonly watch: ProcessWatch
}

/** Imports the file, prints what it took, and gives the limits that it broke. */
async function measure({ url, token, project, file, readId, watch }: Subject): Promise<string[]> {
  const reader = await startReader(`${url}/api/run/${readId}`, token)
  const began = performance.now()
  const id = await sendFile(`${url}/api/import`, token, { file, name: nameOf(), fields: { project } })
  const sentMs = performance.now() - began
  const { status, metadata } = await ended(url, token, id)
  const seconds = (performance.now() - began) / 1000
  const reads = await reader.stop()
  const { processes: held, cpu } = watch.stop()
  if (status !== 'done') throw new Error(`the import ended ${status}: ${metadata.error}`)
  const stored = await ask(url, token, `/api/result?filter=run_id=${metadata.run_id[0]}&pageSize=1&estimate=false`)
  const results: number = stored.pagination.totalItems
  const rate = Math.round(results / seconds)
  process.stdout.write(
    `${results} results in ${seconds.toFixed(1)} s (sent in ${(sentMs / 1000).toFixed(1)} s): ${rate} results/s\n` +
      `GET /run/{id} meanwhile: ${reads.count} reads, p50 ${reads.p50.toFixed(1)} ms, p99 ${reads.p99.toFixed(1)} ms, max ${reads.max.toFixed(1)} ms, ${reads.failed} failed\n` +
      `CPU: ${Object.entries(cpu)
        .map(([part, used]) => `${part} ${used.toFixed(1)} s`)
        .join(', ')}\n` +
      held.map(({ name, mb }) => `${String(mb).padStart(6)} MB at most: ${name}\n`).join(''),
  )
  const [most, least, slowest] = [
    Number(given['max-mb']),
    Number(given['min-rate'] ?? (isArchive ? 0 : 8000)),
    Number(given['max-p99']),
  ]
  return [
    ...held.filter(({ mb }) => mb > most).map(({ name, mb }) => `${name} held ${mb} MB`),
    ...(rate < least ? [`${rate} results/s`] : []),
    ...(reads.p99 > slowest ? [`p99 ${reads.p99.toFixed(1)} ms`] : []),
    ...(reads.failed > 0 ? [`${reads.failed} reads failed`] : []),
  ]
}

/** A JUnit file goes into the run whose id its name holds, an archive brings its own. */
const nameOf = () => (isArchive ? 'bench.tar.gz' : 'bench-6d1f1c3e-8b0a-4c57-9d61-0a8f5a1f7c11.xml')

async function makeFile(folder: string): Promise<string> {
  const results = given.results ?? (isArchive ? '20000' : '500000')
  const file = join(folder, isArchive ? 'bench.tar.gz' : 'bench.xml')
  say(`making a file of ${results} results`)
  const script = join(root, 'scripts', isArchive ? 'make-archive.ts' : 'make-junit.ts')
  const args = [script, file, results, ...(isArchive ? [given.bytes] : [])]
  await runCommand(process.execPath, args, { signal: interrupt.signal })
  return file
}

async function startRedis(): Promise<string | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null
  const port = await findFreePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  running.push({ stop: () => end(child) })
  return `redis://127.0.0.1:${port}/0`
}

/** Three servers on one database, as three pods would be; gives the address of the web part and the processes of all. */
async function startParts(database: BenchDatabase, redis: string | null) {
  const port = await findFreePort()
  const env = (role: string) => ({
    PATH: process.env.PATH ?? '',
    SQLALCHEMY_DATABASE_URI: database.url,
    JWT_SECRET: secret,
    IBUTSU_SUPERADMIN_EMAIL: admin.email,
    IBUTSU_SUPERADMIN_PASSWORD: admin.password,
    HOST: '127.0.0.1',
    PORT: String(port),
    ROLES: role,
    WEB_CONCURRENCY: '1',
    LOG_LEVEL: 'warn',
    ...(redis ? { CELERY_BROKER_URL: redis } : {}),
  })
  const secret = randomBytes(32).toString('hex')
  const { signal } = interrupt
  await runCommand(process.execPath, [start, 'migrate'], { env: env('web'), signal })
  const logFile = join(database.folder, 'server.log')
  const web = await startServer({
    name: 'the server',
    args: [start, 'serve'],
    env: env('web'),
    port,
    cwd: root,
    logFile,
    signal,
  })
  running.push(web)
  const others = ['worker', 'scheduler'].map((role) => {
    const child = spawn(process.execPath, [start, 'serve'], {
      cwd: root,
      env: env(role),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    running.push({ stop: () => end(child) })
    return child.pid ?? 0
  })
  return { url: web.url, pids: { web: web.pid, worker: others[0] ?? 0, scheduler: others[1] ?? 0 } }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await exited
  clearTimeout(timer)
}

// biome-ignore lint/suspicious/noExplicitAny: answers of several shapes, read by this script alone
async function ask(url: string, token: string | null, path: string, json?: unknown): Promise<any> {
  const answer = await fetch(url + path, {
    method: json === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    signal: interrupt.signal,
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

const logIn = async (url: string): Promise<string> => (await ask(url, null, '/api/login', admin)).token
const make = async (url: string, token: string, path: string, json: unknown): Promise<string> =>
  (await ask(url, token, path, json)).id

async function ended(url: string, token: string, id: string) {
  for (;;) {
    const found = await ask(url, token, `/api/import/${id}`)
    if (found.status === 'done' || found.status === 'error') return found
    await sleep(200)
  }
}

try {
  await main()
} catch (error) {
  say((error as Error).message)
  process.exitCode = 1
}
