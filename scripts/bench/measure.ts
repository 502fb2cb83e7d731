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

/** A round's report: by workload, what was measured or why not; `import` has its own figures, `pss` is in MB. */
export type Report = Readonly<Record<string, Partial<Measured> & { error?: string; results_per_s?: number }>> & {
  readonly pss?: number
}

export interface LoadOptions {
  readonly kit: string
  readonly only: readonly string[]
  readonly seconds: number
  readonly runs: number
  readonly results: number
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
    ...['--only', options.only.join(',')],
    ...['--seconds', String(options.seconds)],
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
  return JSON.parse(await readFile(json, 'utf8'))
}

/** One report of several rounds: the median of each figure, the sum of what failed, the first error. */
export function joinReports(reports: readonly Report[]): Report {
  const names = new Set(reports.flatMap((report) => Object.keys(report)))
  names.delete('pss')
  const joined = [...names].map((name) => {
    const found = reports.flatMap((report) => report[name] ?? [])
    const figures = new Set(found.flatMap((figure) => Object.keys(figure)))
    const entries = [...figures].map((key) => {
      const values = found.flatMap((figure) => figure[key as keyof typeof figure] ?? [])
      if (key === 'failed') return [key, values.reduce<number>((sum, value) => sum + Number(value), 0)]
      return [key, typeof values[0] === 'number' ? median(values as number[]) : values[0]]
    })
    return [name, Object.fromEntries(entries)]
  })
  const pss = median(reports.flatMap((report) => report.pss ?? []))
  return Object.fromEntries([...joined, ['pss', pss]])
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? 0
  const high = sorted[Math.floor(middle)] ?? low
  return (low + high) / 2
}
