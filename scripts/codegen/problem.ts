/** Something wrong in the spec, and where: line and column count from 1. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

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
