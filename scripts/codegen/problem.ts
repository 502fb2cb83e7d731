/** Something wrong in the spec, and where: line and column count from 1. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  /** The lines around the place, with a mark under it. */
  readonly frame?: string
}

/** What is wrong, alone or with what to do about it. */
export type Complaint = string | { readonly message: string; readonly hint: string }

/** Thrown when the spec cannot be compiled; holds every problem found so far, for the author to read at once. */
export class SpecError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(printProblem).join('\n'))
    this.name = 'SpecError'
    this.problems = problems
  }
}

/** `file:line:col: message`, what editors and terminals turn into a link. */
export function printProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`
}

/** A problem for people: the line above, then the text that it is about and what to do. */
export function explainProblem(problem: Problem): string {
  const { frame, hint } = problem
  return [printProblem(problem), ...(frame ? [frame] : []), ...(hint ? [`  hint: ${hint}`] : [])].join('\n')
}

const AROUND = 1
const WIDEST = 110

/** The line of a place and its neighbours, numbered, with a caret under the column. Long lines are cut around it. */
export function codeFrame(text: string, line: number, column: number): string {
  const all = text.split('\n')
  const first = Math.max(1, line - AROUND)
  const last = Math.min(all.length, line + AROUND)
  const start = Math.max(0, column - WIDEST)
  const digits = String(last).length
  const rows: string[] = []
  for (let number = first; number <= last; number++) {
    const shown = (all[number - 1] ?? '').slice(start, start + WIDEST)
    const mark = number === line ? '>' : ' '
    rows.push(`${mark} ${String(number).padStart(digits)} | ${shown}`.trimEnd())
    if (number === line) rows.push(`  ${' '.repeat(digits)} | ${' '.repeat(column - 1 - start)}^`)
  }
  return rows.join('\n')
}

/** Sorts by place and drops repetitions: an object that is inlined at ten places is reported once. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [printProblem(problem), problem]))
  return [...unique.values()].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  )
}

/** Throws a SpecError when there is any problem. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new SpecError(sortProblems(problems))
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
