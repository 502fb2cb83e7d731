import { explainProblem, SpecError } from './problem.ts'

/** The words of a command that was called wrongly; the exit code is 2. */
export class UsageError extends Error {}

/** What a command cannot do, in words for the person at the terminal; the exit code is 1. */
export class Refusal extends Error {}

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** What went wrong, in words: never a stack. */
export function explain(error: unknown): string {
  if (error instanceof SpecError) {
    const count = error.problems.length
    return `${error.problems.map(explainProblem).join('\n\n')}\n\n${count} ${count === 1 ? 'problem' : 'problems'}`
  }
  return error instanceof Error ? error.message : String(error)
}

/** A table as text: columns as wide as their widest cell. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
