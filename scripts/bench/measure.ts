import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand, type Served } from './processes.ts'

/** What load.mjs measured of one workload. Times in ms; `cpu_ms` is per request, 0 where it cannot tell. */
export interface Measured {
  readonly rps: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly cpu_ms: number
  readonly failed: number
}

/** What was measured of a workload, or why not; `import` has a figure of its own. */
export type Figures = Partial<Measured> & { readonly error?: string; readonly results_per_s?: number }

/** By workload, what was measured; `memory` is what the server held after it, in MB (Pss). */
export interface Report {
  readonly figures: Readonly<Record<string, Figures>>
  readonly memory: number | undefined
}

export interface LoadOptions {
  readonly kit: string
  /** The workload, by the name that load.mjs knows. */
  readonly only: string
  readonly seconds: number
  readonly runs: number
  readonly results: number
  readonly connections: number
  readonly floor: boolean
  readonly folder: string
  readonly signal: AbortSignal
}

/** The account that load.mjs logs in with. */
export const admin = { email: 'admin@example.com', password: 'admin12345' }

/** Runs load.mjs against a server; its lines go to standard error as they come. */
export async function runLoad(server: Served, options: LoadOptions): Promise<Report> {
  const json = join(options.folder, 'report.json')
  const args = [
    join(options.kit, 'load.mjs'),
    ...['--url', server.url],
    ...['--pid', String(server.pid)],
    ...['--only', options.only],
    ...['--seconds', String(options.seconds)],
    ...['--conns', String(options.connections)],
    ...['--runs', String(options.runs)],
    ...['--results', String(options.results)],
    ...['--admin', `${admin.email}:${admin.password}`],
    ...['--json', json],
    ...(options.floor ? ['--floor'] : []),
  ]
  const who = options.floor ? 'floor' : 'ours '
  await runCommand(process.execPath, args, {
    signal: options.signal,
    onLine: (line) => process.stderr.write(`${who}  ${line}\n`),
  })
  const { pss, ...figures } = JSON.parse(await readFile(json, 'utf8'))
  return { figures, memory: pss }
}

/** One report of several rounds: the median of each figure, the sum of what failed, the first error. */
export function joinReports(reports: readonly Report[]): Report {
  const names = new Set(reports.flatMap(({ figures }) => Object.keys(figures)))
  const joined = [...names].map((name) => [name, joinFigures(reports.flatMap(({ figures }) => figures[name] ?? []))])
  const memory = reports.flatMap((report) => report.memory ?? [])
  return { figures: Object.fromEntries(joined), memory: memory.length > 0 ? median(memory) : undefined }
}

function joinFigures(found: readonly Figures[]): Figures {
  const keys = new Set(found.flatMap((figures) => Object.keys(figures))) as Set<keyof Figures>
  const entries = [...keys].map((key) => {
    const values = found.flatMap((figures) => figures[key] ?? [])
    const numbers = values.filter((value) => typeof value === 'number')
    if (key === 'failed') return [key, numbers.reduce((sum, value) => sum + value, 0)]
    return [key, numbers.length > 0 ? median(numbers) : values[0]]
  })
  return Object.fromEntries(entries)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? 0
  const high = sorted[Math.floor(middle)] ?? low
  return (low + high) / 2
}
