/**
 * What widgets answer, computed from all rows in the plainest way there is (widgets.md 4): no SQL, no index, no rollup. Texts
 * compare as in the tests' databases, by code point.
 */
import { runSql } from '../../helpers/database.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Any = any

export interface PlainRow {
  readonly id: string
  readonly project_id: string | null
  readonly run_id: string | null
  /** As PostgreSQL prints it. */
  readonly start_time: string
  /** Places it in time: infinity is after, BC before everything. */
  readonly order: number
  readonly data: Any
  readonly summary: Any
  readonly [column: string]: Any
}

export async function readAll(url: string): Promise<{ runs: PlainRow[]; results: PlainRow[] }> {
  const read = async (table: string) =>
    (
      await runSql<{ row: Any }>(
        url,
        `select to_jsonb(t) || jsonb_build_object('start_time', start_time::text, 'order',
      dense_rank() over (order by start_time)) as row from ${table} t`,
      )
    ).map(({ row }) => row as PlainRow)
  return { runs: await read('runs'), results: await read('results') }
}

export type Scope = { all: true } | { all: false; ids: readonly string[] }
const within = (scope: Scope) => (row: PlainRow) =>
  scope.all || (row.project_id !== null && scope.ids.includes(row.project_id))

/** The text of a JSON value as PostgreSQL's `->>` gives it; objects of one key only. */
function textOf(value: Any): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'object') return Array.isArray(value) ? `[${value}]` : JSON.stringify(value).replace(':', ': ')
  return String(value)
}

const isObject = (value: Any) => typeof value === 'object' && value !== null && !Array.isArray(value)
const at = (data: Any, ...path: string[]) => path.reduce((node, key) => (isObject(node) ? node[key] : undefined), data)

export function fieldOf(row: PlainRow, field: string): string | null {
  return field.startsWith('metadata.') ? textOf(at(row.data, ...field.split('.').slice(1))) : row[field]
}

/** `after(row)`: whether it began after a moment; null is no limit. */
export const began = (row: PlainRow, since: Date | null): boolean => {
  if (since === null || row.start_time === 'infinity') return true
  if (row.start_time === '-infinity' || row.start_time.endsWith('BC')) return false
  // Moments of one length compare as texts do.
  const at = row.start_time.replace(' ', 'T').replace(/\.(\d+)$/, (_, digits: string) => `.${digits.padEnd(6, '0')}`)
  const full = at.includes('.') ? at : `${at}.000000`
  return full > `${since.toISOString().slice(0, -1)}000`
}

function exact(row: PlainRow, key: string): number {
  const stored = at(row.summary, key)
  const isText = typeof stored === 'string' && /^[ \t\n\r\f\v]*[+-]?\d{1,18}(\.\d{1,18})?[ \t\n\r\f\v]*$/.test(stored)
  const number = typeof stored === 'number' ? stored : isText ? Number(stored) : 0
  return Math.abs(number) <= 1e15 ? number : 0
}
const whole = (row: PlainRow, key: string) => Math.sign(exact(row, key)) * Math.round(Math.abs(exact(row, key))) + 0

const sum = (rows: readonly PlainRow[], read: (row: PlainRow) => number) =>
  rows.reduce((all, row) => all + read(row), 0)

/** Half to even, on numbers whose halves are exact. */
function roundEven(value: number): number {
  const low = Math.floor(value)
  if (value - low !== 0.5) return Math.round(value)
  return low % 2 === 0 ? low : low + 1
}

export function resultSummary(runs: readonly PlainRow[], scope: Scope, wanted: Readonly<Record<string, string>>) {
  const own = runs
    .filter(within(scope))
    .filter((run) => Object.entries(wanted).every(([field, value]) => fieldOf(run, field) === value))
  const of = (key: string) => sum(own, (run) => whole(run, key))
  const [total, error, skipped, failed] = [of('tests'), of('errors'), of('skips'), of('failures')]
  const [xfailed, xpassed] = [of('xfailures'), of('xpasses')]
  return {
    error,
    skipped,
    failed,
    passed: total - error - skipped - failed - xfailed - xpassed,
    total,
    xfailed,
    xpassed,
  }
}

export function resultAggregator(results: readonly PlainRow[], scope: Scope, field: string, since: Date | null) {
  const counts: Record<string, number> = {}
  for (const row of results.filter(within(scope)).filter((row) => began(row, since))) {
    const value = fieldOf(row, field)
    if (value !== null) counts[value] = (counts[value] ?? 0) + 1
  }
  return counts
}

export function runAggregator(runs: readonly PlainRow[], scope: Scope, field: string, since: Date) {
  const groups = Map.groupBy(
    runs.filter(within(scope)).filter((row) => began(row, since)),
    (row) => fieldOf(row, field),
  )
  const answer: Record<string, Record<string, number>> = {
    passed: {},
    skipped: {},
    error: {},
    failed: {},
    xfailed: {},
    xpassed: {},
  }
  for (const [value, own] of groups) {
    const tests = sum(own, (run) => exact(run, 'tests'))
    if (value === null || tests === 0) continue
    const percent = (key: string) => roundEven((100 * sum(own, (run) => exact(run, key))) / tests) + 0
    const shares = {
      failed: percent('failures'),
      error: percent('errors'),
      skipped: percent('skips'),
      xfailed: 0,
      xpassed: 0,
    }
    for (const [key, share] of Object.entries(shares)) Object.assign(answer[key] ?? {}, { [value]: share })
    Object.assign(answer.passed ?? {}, { [value]: 100 - shares.failed - shares.error - shares.skipped })
  }
  return answer
}

const least = (values: readonly (string | null)[]) => values.filter((value) => value !== null).sort()[0] ?? null

/** The builds of all pages, newest first, and what identifies and sums them. */
export function jenkinsJobs(runs: readonly PlainRow[], scope: Scope, job: string | null) {
  const named = runs.filter(within(scope)).flatMap((run) => {
    const [name, build] = [textOf(at(run.data, 'jenkins', 'job_name')), textOf(at(run.data, 'jenkins', 'build_number'))]
    return name === null || build === null || (job !== null && name !== job) ? [] : [{ run, name, build }]
  })
  const builds = [...Map.groupBy(named, ({ name, build }) => JSON.stringify([name, build])).values()]
  const last = (own: typeof named) => Math.max(...own.map(({ run }) => run.order))
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  builds.sort(
    (a, b) =>
      last(b) - last(a) || text(a[0]?.name ?? '', b[0]?.name ?? '') || text(b[0]?.build ?? '', a[0]?.build ?? ''),
  )
  return builds.map((own) => {
    const rows = own.map(({ run }) => run)
    const of = (key: string) => sum(rows, (run) => whole(run, key))
    const counts = {
      xfailures: of('xfailures'),
      xpasses: of('xpasses'),
      errors: of('errors'),
      failures: of('failures'),
      skips: of('skips'),
    }
    return {
      _id: `${own[0]?.name}-${own[0]?.build}`,
      build_url: least(rows.map((run) => textOf(at(run.data, 'jenkins', 'build_url')))),
      env: least(rows.map((run) => run.env)),
      source: least(rows.map((run) => run.source)),
      summary: {
        ...counts,
        tests: of('tests'),
        passes: of('tests') - Object.values(counts).reduce((a, b) => a + b, 0),
      },
      total_execution_time: rows.every((run) => run.duration === null) ? null : sum(rows, (run) => run.duration ?? 0),
    }
  })
}

function rateOf(run: PlainRow, countSkips: boolean): number {
  const tests = whole(run, 'tests')
  const others = ['errors', 'failures', 'xpasses', 'xfailures', ...(countSkips ? ['skips'] : [])]
  const passes = tests - others.reduce((all, key) => all + whole(run, key), 0)
  return tests === 0 ? 0 : (100 * passes) / tests
}

/** By group: for each build, oldest number first, its rate (null where it is missing) and run. */
export function jenkinsHeatmap(runs: readonly PlainRow[], scope: Scope, job: string, most: number, field: string) {
  const ofJob = runs.filter(within(scope)).filter((run) => textOf(at(run.data, 'jenkins', 'job_name')) === job)
  const buildOf = (run: PlainRow) => textOf(at(run.data, 'jenkins', 'build_number'))
  const numbered = ofJob.filter((run) => /^[ \t\n\r\f\v]*[+-]?\d{1,15}[ \t\n\r\f\v]*$/.test(buildOf(run) ?? ''))
  const builds = [...Map.groupBy(numbered, (run) => Number(buildOf(run)))]
    .map(([build, own]) => ({ build, first: Math.min(...own.map(({ order }) => order)) }))
    .sort((a, b) => b.first - a.first || b.build - a.build)
    .slice(0, most)
  const earliest = Math.min(...builds.map(({ first }) => first))
  const numbers = builds.map(({ build }) => build).sort((a, b) => a - b)
  const cells: Record<string, ([number, string] | null)[]> = {}
  const inTime = ofJob
    .filter((run) => run.order >= earliest)
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
  for (const run of inTime) {
    const [group, place] = [fieldOf(run, field), numbers.findIndex((build) => String(build) === buildOf(run))]
    if (group === null || place < 0) continue
    cells[group] ??= numbers.map(() => null)
    const row = cells[group]
    row[place] = [rateOf(run, false), run.id]
  }
  return cells
}

/** The highest builds of a job in results, compared as texts, and what its results of some components are in them. */
export function importanceComponent(
  results: readonly PlainRow[],
  scope: Scope,
  job: string,
  most: number,
  names: readonly string[],
) {
  const ofJob = results.filter(within(scope)).filter((row) => textOf(at(row.data, 'jenkins', 'job_name')) === job)
  const buildOf = (row: PlainRow) => textOf(at(row.data, 'jenkins', 'build_number'))
  const builds = [...new Set(ofJob.map(buildOf))]
    .filter((build) => build !== null)
    .sort()
    .reverse()
    .slice(0, most)
  const ids: Record<string, string[]> = {}
  for (const row of ofJob.filter((one) => names.includes(one.component) && builds.includes(buildOf(one) as string))) {
    const key = [row.component, buildOf(row), String(textOf(at(row.data, 'importance')))].join(' | ')
    ids[key] = [...(ids[key] ?? []), row.id].sort()
  }
  return ids
}
