import type { Figures, Report } from './measure.ts'
import type { Goal, Workload } from './workloads.ts'

const HEADINGS = [
  'workload (connections)',
  'floor req/s',
  'p50 ms',
  'CPU ms',
  'ours req/s',
  'p50 ms',
  'CPU ms',
  'ratio',
  'goal',
  'met',
  'Ibutsu req/s',
  'p50 ms',
  'CPU ms',
]

/** Prints the reports as one Markdown table, a line per workload that ran, in the order of `workloads`. */
export function printTable(workloads: readonly Workload[], floor: Report, ours: Report): string {
  const lines = workloads
    .filter(({ name }) => ours.figures[name] ?? floor.figures[name])
    .map((workload) => printRow(workload, floor.figures[workload.name] ?? {}, ours.figures[workload.name] ?? {}))
  const all = [HEADINGS, ...lines]
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)))
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const print = (line: readonly string[]) =>
    `| ${line.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`
  return [print(HEADINGS), print(rule), ...lines.map(print)].join('\n')
}

function printRow(workload: Workload, floor: Figures, ours: Figures): string[] {
  const { name, connections, goal, original } = workload
  const ratio = findRatio(goal, floor, ours)
  return [
    `${name} (${connections})`,
    ...(workload.onFloor ? printFigures(floor) : ['–', '–', '–']),
    ...printFigures(ours),
    ratio === null ? '–' : ratio.toFixed(2),
    printGoal(goal),
    judge(goal, floor, ours),
    ...printFigures({ rps: original.rate, p50: original.p50, ...(original.cpu && { cpu_ms: original.cpu }) }),
  ]
}

const printFigures = ({ rps, results_per_s, p50, cpu_ms }: Figures) => [
  printNumber(rps ?? results_per_s),
  printNumber(p50),
  printNumber(cpu_ms || undefined),
]

/** Three digits that count, thousands without fractions. */
function printNumber(value: number | undefined): string {
  if (value === undefined) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}

/** Ours to the floor's, in the measure of the goal; null where the floor has no such figure. */
function findRatio(goal: Goal, floor: Figures, ours: Figures): number | null {
  const measure = goal.kind === 'latency of floor' || goal.kind === 'latency' ? 'p50' : 'rps'
  const [a, b] = [ours[measure], floor[measure]]
  return a && b ? a / b : null
}

function printGoal(goal: Goal): string {
  switch (goal.kind) {
    case 'rate of floor':
      return `req/s ≥ ${goal.least} × floor`
    case 'latency of floor':
      return `p50 ≤ ${goal.most} × floor`
    case 'latency':
      return `p50 ≤ ${goal.most} ms`
    case 'import rate':
      return `≥ ${goal.least.toLocaleString('en')} results/s`
  }
}

/** @returns yes, no, "–" when there is nothing to judge by, or what went wrong. */
function judge(goal: Goal, floor: Figures, ours: Figures): string {
  if (ours.error) return 'error'
  if (ours.failed || floor.failed) return `${ours.failed || floor.failed} failed`
  const ratio = findRatio(goal, floor, ours)
  switch (goal.kind) {
    case 'rate of floor':
      return say(ratio, (value) => value >= goal.least)
    case 'latency of floor':
      return say(ratio, (value) => value <= goal.most)
    case 'latency':
      return say(ours.p50, (value) => value <= goal.most)
    case 'import rate':
      return say(ours.results_per_s, (value) => value >= goal.least)
  }
}

function say(value: number | null | undefined, holds: (value: number) => boolean): string {
  if (value === null || value === undefined) return '–'
  return holds(value) ? 'yes' : 'no'
}
