import { measures } from './sampler.ts'
import type { Findings, Series } from './verdict.ts'

/** The findings as Markdown tables. */
export function printFindings(found: Findings): string {
  const { processes, lags, pool, waits, load } = found
  const series = Object.entries(processes).flatMap(([name, all]) =>
    measures.map((measure) => [`${name}: ${measure}`, ...printSeries(all[measure])]),
  )
  const ofPool = Object.entries(pool).map(([name, one]) => [`pool of web: ${name}`, ...printSeries(one)])
  const outcomes = Object.entries(load.outcomes)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, { count, p50, p95, p99, max, failed }]) => [
      name,
      ...[count / load.seconds, p50, p95, p99, max].map(printNumber),
      String(failed),
    ])
  const failures = Object.entries(load.outcomes).flatMap(([name, outcome]) =>
    outcome.failures.map((text) => `  ${name}: ${text}`),
  )
  return [
    printTable(['watched', 'start', 'end', 'mean', 'p99', 'peak', 'slope per hour'], [...series, ...ofPool]),
    printTable(
      ['event loop of', 'lag p50 ms', 'p99 ms', 'max ms', 'own work p50 ms', 'p99 ms', 'max ms'],
      Object.entries(lags).map(([name, { all, own }]) => [
        name,
        ...[all.p50, all.p99, all.max, own.p50, own.p99, own.max].map(printNumber),
      ]),
    ),
    printTable(['operation', 'a second', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'failed'], outcomes),
    [
      `${load.rate.toFixed(0)} operations/s for ${load.seconds.toFixed(0)} s; connections opened anew: ${load.opened}.`,
      `CPU time of the web worker: ${printNumber((10 * (processes.web?.['CPU %'].mean ?? Number.NaN)) / load.rate)} ms per operation.`,
      `Waits for a database connection: ${waits.count}, ${waits.seconds.toFixed(2)} s together.`,
      ...(failures.length > 0 ? ['Failures, the first of each kind:', ...failures] : []),
    ].join('\n'),
    found.broken.length === 0 ? 'Verdict: all bounds hold.' : `Verdict: broken.\n  ${found.broken.join('\n  ')}`,
  ].join('\n\n')
}

const printSeries = ({ start, end, mean, p99, peak, line }: Series) => [
  ...[start, end, mean, p99, peak].map(printNumber),
  line ? `${printNumber(line.slope)} ± ${printNumber(line.error)}` : '–',
]

const printNumber = (value: number) =>
  Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))

function printTable(headings: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, n) => Math.max(heading.length, ...lines.map((line) => line[n]?.length ?? 0)))
  const print = (line: readonly string[]) =>
    `| ${line.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, n) => (n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [print(headings), print(rule), ...lines.map(print)].join('\n')
}
