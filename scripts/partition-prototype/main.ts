/**
 * `npm run prototype:partitions`: what it would cost, and bring, to cut `results` into months. Makes a PostgreSQL with the
 * same rows twice, as the server has them and in partitions, and measures the server's own statements on both
 * (docs/scaling.md). `--help` prints the options.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openContext } from '../../src/open-context.ts'
import { attachAndDetach } from './attach-step.ts'
import { openCluster, type PrototypeCluster, withClient } from './cluster.ts'
import { type Case, type Compared, type Contexts, compare } from './compare.ts'
import { fill, serverEnv } from './fill.ts'
import { pruneOldest } from './prune-step.ts'
import { readCases } from './read-cases.ts'
import { createSamples } from './samples.ts'
import { tryServer } from './server-step.ts'
import { printSizes } from './sizes.ts'
import { printComparison } from './table.ts'
import { cleanUp, writeCases } from './write-cases.ts'

const HELP = `Usage: npm run prototype:partitions -- [options]

  --rows N         results in each database (3000000)
  --months N       months that they lie in (24)
  --per-run N      results of a run (100)
  --steps A,B      fill, reads, writes, prune, server, attach: all of them, in this order
  --data FOLDER    keep PostgreSQL there, so that the steps can be taken one by one (a temporary folder, which goes at the end)
  --only TEXT      only reads and writes whose name contains it
  --times N        how often each short statement is run on each database (200)
  --kit FOLDER     where seed.sql is (../shared/bench)
`
const root = fileURLToPath(new URL('../..', import.meta.url))
const allSteps = ['fill', 'reads', 'writes', 'prune', 'server', 'attach'] as const

const { values: given } = parseArgs({
  options: {
    rows: { type: 'string', default: '3000000' },
    months: { type: 'string', default: '24' },
    'per-run': { type: 'string', default: '100' },
    steps: { type: 'string', default: allSteps.join(',') },
    data: { type: 'string' },
    times: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    kit: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupt.abort(new Error(`stopped by ${signal}`)))

class UsageError extends Error {}

const began = performance.now()
function say(text: string): void {
  process.stderr.write(`partitions: ${((performance.now() - began) / 1000).toFixed(0)} s: ${text}\n`)
}

async function main(): Promise<void> {
  if (given.help) return void process.stdout.write(HELP)
  const { rows, runs, months, steps, kit, times } = readOptions()
  const { signal } = interrupt
  const samples = createSamples(rows, runs)
  const cluster = await openCluster(given.data && resolve(given.data))
  const { plain, partitioned, folder } = cluster
  try {
    if (steps.includes('fill')) await fill(cluster, { kit, rows, runs, months, signal, say })
    if (steps.includes('reads')) {
      print(await printSizes(plain, partitioned))
      print(printComparison(await compareAll(cluster, readCases(samples, await artifactIds(plain)), times)))
    }
    if (steps.includes('writes')) {
      print(printComparison(await compareAll(cluster, writeCases(samples), times)))
      for (const url of [plain, partitioned])
        for (const text of cleanUp) await withClient(url, (client) => client.query(text))
    }
    if (steps.includes('prune')) print(await withContexts(cluster, (contexts) => pruneOldest(contexts, cluster)))
    if (steps.includes('server')) print(await tryServer({ root, folder, url: partitioned, signal }, samples))
    if (steps.includes('attach')) print(await attachAndDetach(plain))
  } finally {
    await cluster.close()
  }
}

const print = (text: string) => void process.stdout.write(`${text}\n\n`)

async function compareAll(cluster: PrototypeCluster, cases: readonly Case[], times: number): Promise<Compared[]> {
  return withContexts(cluster, async (contexts) => {
    const compared: Compared[] = []
    for (const one of cases.filter(({ name }) => name.includes(given.only))) {
      interrupt.signal.throwIfAborted()
      compared.push(await compare(contexts, one, times))
      say(one.name)
    }
    return compared
  })
}

/** Both databases as the server opens them, with one connection each. */
async function withContexts<T>(
  { plain, partitioned, folder }: PrototypeCluster,
  work: (contexts: Contexts) => Promise<T>,
): Promise<T> {
  const log = pino({ level: 'warn' }, pino.destination(2))
  const open = (url: string) => openContext(readConfig({ ...serverEnv(url), DB_POOL_SIZE: '1' }, [], folder), url, log)
  const [one, other] = [await open(plain), await open(partitioned)]
  return work({ plain: one.ctx, partitioned: other.ctx }).finally(() => Promise.all([one.close(), other.close()]))
}

const ARTIFACTS = 1000

async function artifactIds(url: string): Promise<string[]> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ id: string }>(`select id from artifacts order by id limit ${ARTIFACTS}`),
  )
  return rows.map(({ id }) => id)
}

function readOptions() {
  const number = (name: 'rows' | 'months' | 'per-run' | 'times') => {
    const value = Number(given[name])
    if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number from 1`)
    return value
  }
  const steps = given.steps.split(',')
  const unknown = steps.find((step) => !allSteps.some((known) => known === step))
  if (unknown !== undefined) throw new UsageError(`there is no step "${unknown}": ${allSteps.join(', ')}`)
  const kit = resolve(given.kit ?? join(root, '../shared/bench'))
  if (!existsSync(join(kit, 'seed.sql'))) throw new UsageError(`seed.sql is not in ${kit}: name its folder with --kit`)
  const rows = number('rows')
  const runs = Math.ceil(rows / number('per-run'))
  return { rows, runs, months: number('months'), times: number('times'), steps, kit }
}

try {
  await main()
} catch (error) {
  const { message, stack } = error as Error
  process.stderr.write(`partitions: ${error instanceof UsageError ? message : stack}\n`)
  process.exitCode = 1
}
