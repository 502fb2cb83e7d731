/**
 * `npm run bench`: the load kit against the floor (a bare Node server) and this server in turn, on one database that it
 * makes, fills and removes. `--help` prints the options.
 */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BenchDatabase, describeDatabase, openBenchDatabase, useBenchDatabase } from './bench-database.ts'
import { copyForFloor } from './floor-database.ts'
import { type Figures, joinReports, type Report, runLoad } from './measure.ts'
import { prepareOurs } from './our-server.ts'
import { findFreePort, runCommand, type Served, startServer } from './processes.ts'
import { profileEnv, withProfile } from './profile.ts'
import { printTable } from './table.ts'
import { loadName, type Workload, workloads } from './workloads.ts'

const HELP = `Usage: npm run bench -- [options]

  --runs N         runs in the database (2000)
  --results N      results in the database (200000); the goals are made for --runs 10000 --results 1000000
  --minutes N      minutes from one run to the next (12)
  --seconds N      how long each workload runs (4)
  --rounds N       floor and server in turn, so often; the figures are medians (1)
  --connections N  keep-alive connections of the workloads that have 16 (16)
  --workers N      web processes of the server (1); the floor is one process
  --only A,B       these workloads only (all that are built)
  --db URL         make the database on this PostgreSQL server (one of its own, in a temporary folder)
  --floor-db URL   the floor uses this database: filled the same way, with the original's indexes (a copy that is made so; with --use-db the same)
  --use-db URL     use this database as it is, filled by seed.sql with --runs and --results; it is migrated, but neither filled nor dropped
  --profile FOLDER write a CPU profile of each web worker for each workload there (open them in Chrome's DevTools)
  --kit FOLDER     where load.mjs, floor.mjs and seed.sql are (../shared/bench)
  --json FILE      write all figures there
`
const root = fileURLToPath(new URL('../..', import.meta.url))

const { values: given } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    results: { type: 'string', default: '200000' },
    minutes: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '1' },
    connections: { type: 'string', default: '16' },
    workers: { type: 'string', default: '1' },
    only: { type: 'string' },
    db: { type: 'string' },
    'floor-db': { type: 'string' },
    'use-db': { type: 'string' },
    profile: { type: 'string' },
    kit: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

interface Bench {
  readonly kit: string
  readonly runs: number
  readonly results: number
  readonly minutes: number
  readonly seconds: number
  readonly rounds: number
  readonly connections: number
  readonly workers: number
  readonly chosen: readonly Workload[]
  readonly serverUrl: string | undefined
  readonly useDb: string | undefined
  readonly floorDb: string | undefined
  /** Where profiles go. */
  readonly profile: string | undefined
  readonly signal: AbortSignal
}

/** A wrong option, or something that this machine lacks: told without a stack. */
class UsageError extends Error {}

async function main(): Promise<void> {
  if (given.help) return void process.stdout.write(HELP)
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interrupt.abort(new UsageError(`stopped by ${signal}`)))
  const bench = await readOptions(interrupt.signal)

  const began = performance.now()
  if (bench.profile) await mkdir(bench.profile, { recursive: true })
  const database = await (bench.useDb ? useBenchDatabase(bench.useDb) : openBenchDatabase(bench.serverUrl))
  try {
    const { floor, ours, rounds, floorUrl } = await measure(bench, database)
    const about = await describe(bench, database, floorUrl)
    const table = printTable(bench.chosen, floor, ours)
    process.stdout.write(`\n${about.join('\n')}\n\n${table}\n\n`)
    process.stdout.write(`Memory (Pss) after the load, MB: floor ${floor.memory ?? '–'}, ours ${ours.memory ?? '–'}\n`)
    process.stdout.write(`Took ${((performance.now() - began) / 1000).toFixed(0)} s.\n`)
    if (given.json) await writeFile(given.json, `${JSON.stringify({ about, floor, ours, rounds }, null, 2)}\n`)
    const wrong = bench.chosen.filter(({ name }) => hasFailed(ours.figures[name]) || hasFailed(floor.figures[name]))
    if (wrong.length > 0) throw new UsageError(`failed requests in: ${wrong.map(({ name }) => name).join(', ')}`)
  } finally {
    await database.close()
  }
}

const hasFailed = (figures: Figures | undefined) => Boolean(figures?.error || figures?.failed)

async function readOptions(signal: AbortSignal): Promise<Bench> {
  const number = (name: 'runs' | 'results' | 'minutes' | 'seconds' | 'rounds' | 'connections' | 'workers') => {
    const value = Number(given[name])
    if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number from 1`)
    return value
  }
  const kit = resolve(given.kit ?? join(root, '../shared/bench'))
  if (!existsSync(join(kit, 'load.mjs')))
    throw new UsageError(`the load kit is not in ${kit}: name its folder with --kit`)
  await runCommand('psql', ['--version'], { signal }).catch(() => {
    throw new UsageError('psql is needed to fill the database (Debian: apt-get install postgresql-client)')
  })
  const names = given.only?.split(',')
  const unknown = names?.find((name) => !workloads.some((workload) => isCalled(workload, name)))
  if (unknown)
    throw new UsageError(`there is no workload "${unknown}": ${workloads.map(({ name }) => name).join(', ')}`)
  return {
    kit,
    runs: number('runs'),
    results: number('results'),
    minutes: number('minutes'),
    seconds: number('seconds'),
    rounds: number('rounds'),
    connections: number('connections'),
    workers: number('workers'),
    chosen: workloads.filter((workload) => !names || names.some((name) => isCalled(workload, name))),
    serverUrl: given.db,
    useDb: given['use-db'],
    floorDb: given['floor-db'],
    profile: given.profile && resolve(given.profile),
    signal,
  }
}

const isCalled = (workload: Workload, name: string) => workload.name === name || loadName(workload) === name

async function measure(bench: Bench, database: BenchDatabase) {
  const running: Served[] = []
  try {
    const { server, floorUrl } = await serveFilled(bench, database)
    running.push(server)
    const floor = await serveFloor(bench, database, floorUrl)
    running.push(floor)
    const names = [...new Set(bench.chosen.map(loadName))]
    const rounds: { floor: Report; ours: Report }[] = []
    for (let round = 1; round <= bench.rounds; round++) {
      say(`round ${round} of ${bench.rounds}`)
      // In turn for each workload: the speed of a machine drifts within minutes.
      const pairs = []
      for (const name of names) {
        const onFloor = bench.chosen.some((workload) => loadName(workload) === name && workload.onFloor)
        const ofFloor = onFloor ? await load(bench, database, floor, { name, isFloor: true }) : nothing
        pairs.push({ floor: ofFloor, ours: await load(bench, database, server, { name, isFloor: false }) })
      }
      rounds.push({
        floor: mergeReports(pairs.map((pair) => pair.floor)),
        ours: mergeReports(pairs.map((pair) => pair.ours)),
      })
    }
    return {
      floor: joinReports(rounds.map((round) => round.floor)),
      ours: joinReports(rounds.map((round) => round.ours)),
      rounds,
      floorUrl,
    }
  } finally {
    await Promise.all(running.map((served) => served.stop()))
  }
}

/** Our server on a filled database, and the floor's database: a copy with the original's indexes, where we may make one. */
async function serveFilled(bench: Bench, database: BenchDatabase): Promise<{ server: Served; floorUrl: string }> {
  const { profile, workers, signal, useDb, floorDb } = bench
  const env = { GUNICORN_PROCESSES: String(workers), ...(profile && profileEnv(database.folder)) }
  const ours = await prepareOurs(database, env, signal)
  await ours.migrate()
  const server = await ours.start()
  if (useDb) return { server, floorUrl: floorDb ?? database.url }
  try {
    await seed(bench, database)
  } finally {
    if (!floorDb) await server.stop()
  }
  if (floorDb) return { server, floorUrl: floorDb }
  say('the floor gets a copy with the indexes of the original')
  const floorUrl = await copyForFloor(database, signal)
  return { server: await ours.start(), floorUrl }
}

async function serveFloor({ kit, signal }: Bench, { folder }: BenchDatabase, url: string): Promise<Served> {
  const port = await findFreePort()
  const args = [join(kit, 'floor.mjs'), '--port', String(port), '--db', url]
  const logFile = join(folder, 'floor.log')
  return startServer({ name: 'the floor', args, env: {}, port, cwd: root, logFile, signal })
}

async function seed({ kit, runs, results, minutes, signal }: Bench, { url }: BenchDatabase): Promise<void> {
  say(`filling the database: ${runs} runs, ${results} results`)
  const values = Object.entries({ runs, results, minutes }).flatMap(([name, value]) => ['-v', `${name}=${value}`])
  await runCommand('psql', ['-X', '-q', ...values, '-f', join(kit, 'seed.sql'), '-d', url], { signal })
}

const nothing: Report = { figures: {}, memory: undefined }

async function load(
  bench: Bench,
  { folder }: BenchDatabase,
  server: Served,
  { name, isFloor }: { name: string; isFloor: boolean },
): Promise<Report> {
  const { kit, seconds, runs, results, connections, signal, profile } = bench
  const run = () =>
    runLoad(server, { kit, only: name, seconds, runs, results, connections, floor: isFloor, folder, signal })
  return profile && !isFloor ? withProfile(folder, profile, name, run) : run()
}

/** The reports of different workloads as one; the memory is what the last one has seen. */
function mergeReports(reports: readonly Report[]): Report {
  const memory = reports.flatMap((report) => report.memory ?? []).at(-1)
  return { figures: Object.assign({}, ...reports.map((report) => report.figures)), memory }
}

/** What the figures depend on. */
async function describe(bench: Bench, database: BenchDatabase, floorUrl: string): Promise<string[]> {
  const { version, indexes } = await describeDatabase(database.url)
  const floor = floorUrl === database.url ? null : (await describeDatabase(floorUrl)).indexes
  const processors = cpus()
  return [
    `Machine: ${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.versions.node}, PostgreSQL ${version}`,
    `Data: ${bench.runs} runs, ${bench.results} results; ${bench.seconds} s per workload, rounds: ${bench.rounds}, web processes: ${bench.workers}${bench.connections === 16 ? '' : `, ${bench.connections} connections in place of 16`}`,
    `Indexes on results: ${indexes.join(', ')}`,
    floor
      ? `The floor has a database of its own, with these: ${floor.join(', ')}`
      : "The floor runs on the same database, so on these indexes; the goals are ratios to a floor on the original's (--floor-db).",
    "Ibutsu's figures are those of the kit's README: another machine, 1,000,000 results.",
  ]
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`)
}

try {
  await main()
} catch (error) {
  const { message, stack } = error as Error
  process.stderr.write(`bench: ${error instanceof UsageError ? message : stack}\n`)
  process.exitCode = 1
}
