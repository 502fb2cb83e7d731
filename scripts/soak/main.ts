/**
 * `npm run soak`: all workloads at once, for long, while memory, event loops, open files and the database pool are watched.
 * docs/soak.md says how to read what it prints; `--help` prints the options.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type BenchDatabase, openBenchDatabase, useBenchDatabase } from '../bench/bench-database.ts'
import { prepareOurs } from '../bench/our-server.ts'
import { findFreePort, type Served } from '../bench/processes.ts'
import { profileEnv, withProfile } from '../bench/profile.ts'
import type { LoadReport } from './load/messages.ts'
import { type Load, startLoad } from './load.ts'
import { HELP, readOptions, type SoakOptions, UsageError } from './options.ts'
import { printFindings } from './print-findings.ts'
import { writeSnapshots } from './processes.ts'
import { startSampler } from './sampler.ts'
import { seedDatabase } from './seed.ts'
import { judge } from './verdict.ts'

const PROFILED_SECONDS = 60

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupt.abort(new UsageError(`stopped by ${signal}`)))

async function main(options: SoakOptions): Promise<void> {
  for (const folder of [options.profile, options.snapshots]) if (folder) await mkdir(folder, { recursive: true })
  const database = await (options.useDb ? useBenchDatabase(options.useDb) : openBenchDatabase(options.serverUrl))
  try {
    const metricsUrl = `127.0.0.1:${await findFreePort()}`
    const server = await serve(options, database, metricsUrl)
    try {
      await soak(options, { server, folder: database.folder, metricsUrl: `http://${metricsUrl}/metrics` })
    } finally {
      await server.stop()
    }
  } finally {
    await database.close()
  }
}

/** As a user would start it: web worker and job worker, the access log and the metrics on. */
async function serve(options: SoakOptions, database: BenchDatabase, metricsBind: string): Promise<Served> {
  const probe = `--import ${fileURLToPath(new URL('probe.js', import.meta.url))}`
  const profile = options.profile ? profileEnv(database.folder) : {}
  const settings = {
    ...options.settings,
    METRICS_BIND: metricsBind,
    ...profile,
    SOAK_PROBE: database.folder,
    NODE_OPTIONS: `${profile.NODE_OPTIONS ?? ''} ${probe}`.trim(),
  }
  const ours = await prepareOurs(database, settings, interrupt.signal)
  await ours.migrate()
  if (!options.useDb) {
    say(`filling the database: ${options.amount.runs} runs, ${options.amount.results} results`)
    // The first start makes the superadmin, to whom the projects belong.
    await (await ours.start()).stop()
    await seedDatabase(database.url, options.amount)
    await ours.migrate()
  }
  return ours.start()
}

interface Subject {
  readonly server: Served
  /** Where the probes are. */
  readonly folder: string
  readonly metricsUrl: string
}

async function soak(options: SoakOptions, { server, folder, metricsUrl }: Subject): Promise<void> {
  const { connections, amount, every, without } = options
  const sampler = startSampler({ pid: server.pid, folder, metricsUrl, everyMs: every * 1000 })
  const load = await startLoad({
    ...{ url: server.url, connections, amount, without, signal: interrupt.signal },
    onProgress: ({ seconds, total, failed, undone }) =>
      say(
        `${seconds.toFixed(0)} s: ${(total / seconds).toFixed(0)} operations/s, ${undone} under way, ${failed} failed`,
      ),
  })
  try {
    const rate = await findRate(options, load)
    if (options.snapshots) await writeSnapshots(server.pid, folder, `${options.snapshots}/before`)
    await sampler.begin()
    say(
      `${options.seconds} s of ${rate === null ? `a closed loop, ${options.atOnce} at once` : `${rate.toFixed(0)} operations/s`}`,
    )
    const report = await runProfiled(options, folder, () =>
      load.run({ seconds: options.seconds, rate, atOnce: options.atOnce }),
    )
    const lags = await sampler.stop()
    if (options.snapshots) await writeSnapshots(server.pid, folder, `${options.snapshots}/after`)
    const { samples, pools } = sampler
    const findings = judge({ samples, pools, lags, load: report, settle: options.settle }, options.bounds)
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}; Node ${process.versions.node}; ${connections} connections; ${amount.results} results`
    process.stdout.write(`${machine}\n\n${printFindings(findings)}\n`)
    if (options.json)
      await writeFile(options.json, `${JSON.stringify({ machine, options, ...findings, samples, pools })}\n`)
    if (findings.broken.length > 0) process.exitCode = 1
  } finally {
    load.close()
  }
}

/** How many operations a second are sent; null is as many as are answered. */
async function findRate({ load: share, rate, calibrate, atOnce }: SoakOptions, load: Load): Promise<number | null> {
  say(`warm-up: ${calibrate} s of a closed loop, ${atOnce} at once`)
  const { rate: most } = await load.run({ seconds: calibrate, rate: null, atOnce })
  say(`the server does ${most.toFixed(0)} operations/s`)
  return rate ?? (share >= 1 ? null : most * share)
}

/** With --profile, the last minute of the work is profiled. */
async function runProfiled({ profile, seconds }: SoakOptions, folder: string, work: () => Promise<LoadReport>) {
  if (!profile) return work()
  const report = work()
  await sleep(Math.max(0, seconds - PROFILED_SECONDS) * 1000)
  return withProfile(folder, profile, 'soak', () => report)
}

const say = (text: string) => process.stderr.write(`soak: ${text}\n`)

try {
  const options = readOptions(process.argv.slice(2))
  if (options) await main(options)
  else process.stdout.write(HELP)
} catch (thrown) {
  // What is stopped fails in its own words.
  const error = interrupt.signal.aborted ? interrupt.signal.reason : thrown
  const { message, stack } = error as Error
  say(error instanceof UsageError ? message : `${stack}`)
  process.exitCode = 1
}
