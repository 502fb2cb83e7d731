import type { Compared, Touched } from './compare.ts'

const HEADINGS = [
  'statement',
  'times',
  'plain ms',
  'partitioned ms',
  'ratio',
  'read / locked',
  'changed ms',
  'ratio',
  'read / locked',
]

/** The comparison as a Markdown table: the server's own statements, and changed ones where they were. */
export function printComparison(rows: readonly Compared[]): string {
  return printTable(HEADINGS, rows.map(printRow))
}

function printRow({ name, times, plain, unchanged, changed, unchangedTouched, touched }: Compared): string[] {
  return [
    name,
    String(times),
    printMs(plain),
    printMs(unchanged),
    printRatio(plain, unchanged),
    printTouched(unchangedTouched),
    printMs(changed),
    printRatio(plain, changed),
    changed === undefined ? '' : printTouched(touched),
  ]
}

/** A Markdown table; the first column stands left, the others right. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const print = (row: readonly string[]) =>
    `| ${widths.map((width, n) => (n === 0 ? (row[n] ?? '').padEnd(width) : (row[n] ?? '').padStart(width))).join(' | ')} |`
  const rule = widths.map((width, n) => (n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [print(headings), print(rule), ...rows.map(print)].join('\n')
}

/** Milliseconds with three digits that count, no more than two behind the point. */
export function printMs(value: number | string | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}

function printRatio(plain: number, other: number | string | undefined): string {
  return typeof other === 'number' ? (other / plain).toFixed(2) : ''
}

const printTouched = (touched: Touched | undefined) => (touched ? `${touched.used} / ${touched.locked}` : '')
