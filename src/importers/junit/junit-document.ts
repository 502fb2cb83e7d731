import type { JsonRecord } from '../../json/json-record.ts'

/** What one retry of a test left (Surefire). */
export interface JunitRerun {
  /** It passed in the end: `flakyFailure`, `flakyError`. */
  readonly flaky: boolean
  readonly text: string
}

/** A `testcase` element with what it gets from the suites around it. */
export interface JunitCase {
  readonly attributes: Readonly<Record<string, string>>
  readonly suite: JunitSuite
  /** Properties of its suites and of the root as they were when it began: those behind it do not count. */
  readonly inherited: JsonRecord
  readonly rootProperties: JsonRecord
  /** Properties of its own. */
  readonly properties: JsonRecord | null
  /** First child of each kind that there was. */
  readonly outcomes: ReadonlySet<string>
  /** Texts of `failure` and `error` elements, in order; their message where there is no text. */
  readonly failures: readonly string[]
  readonly errors: readonly string[]
  readonly skipReason: string | null
  readonly out: string | null
  readonly err: string | null
  readonly reruns: readonly JunitRerun[]
}

/** A `testsuite` element. */
export interface JunitSuite {
  readonly parent: JunitSuite | null
  readonly name: string | null
  /** Its own `file`, else the one around it. */
  readonly file: string | null
  /** Names from the outermost in. */
  readonly path: string
  /** Whether what is within gets its properties; a root that is no suite keeps them to itself. */
  readonly handsDown: boolean
  /** Properties of its own and of the suites around it. Replaced, never changed, when there are more. */
  properties: JsonRecord
  readonly attributes: Readonly<Record<string, string>>
  /** Sums over the suites directly within, for the counts of a file without test cases, and its time. */
  readonly inner: JunitSums
}

/** Sums of attributes. */
export interface JunitSums {
  time: number
  errors: number
  failures: number
  skipped: number
  xfailures: number
  xpasses: number
  tests: number
}

export function emptySums(): JunitSums {
  return { time: 0, errors: 0, failures: 0, skipped: 0, xfailures: 0, xpasses: 0, tests: 0 }
}
