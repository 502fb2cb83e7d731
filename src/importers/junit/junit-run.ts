import type { RunRow } from '../../features/run/run-sql.ts'
import { columnText } from '../../json/column-text.ts'
import { isRecord, type JsonRecord } from '../../json/json-record.ts'
import { mergeMetadata } from '../../json/merge-metadata.ts'
import { parseStoredJson } from '../../json/parse-json.ts'
import { isRawNumber, stringifyJson } from '../../json/raw-number.ts'
import { parseTime } from '../../time/parse-time.ts'
import { ImportRefused } from '../import-refused.ts'
import type { ResultCounts } from '../merge-rows.ts'
import type { JunitSuite, JunitSums } from './junit-document.ts'
import { readCount, readSeconds } from './junit-numbers.ts'

/** What a file says of its run. */
export interface JunitRunNews {
  readonly metadata: JsonRecord
  readonly projectId: string | null
  readonly source: string | null
  /** UTC without zone; null when the root has no timestamp. */
  readonly startTime: string | null
  readonly duration: number
}

/** The first version-4 UUID in a file's name, in lower case. */
export function runIdOf(filename: string): string | null {
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/i.exec(filename)
  return uuid ? uuid[0].toLowerCase() : null
}

/**
 * The root's timestamp in UTC; null when it has none. Besides ISO 8601 the spellings that JavaScript knows; one without a
 * zone is UTC.
 *
 * @throws ImportRefused when nobody can read it.
 */
export function readTimestamp(text: string | undefined): string | null {
  const trimmed = text?.trim()
  if (!trimmed) return null
  const known = parseTime(trimmed) ?? parseTime(spelled(trimmed))
  if (known) return known
  throw new ImportRefused(`The timestamp ${trimmed.slice(0, 100)} cannot be read.`)
}

function spelled(text: string): string {
  const zoned = /(Z|GMT|UTC|[+-]\d\d:?\d\d)\s*(\([^)]*\))?$/i.test(text) ? text : `${text} UTC`
  const moment = Date.parse(zoned)
  return Number.isNaN(moment) ? '' : new Date(moment).toISOString()
}

/** The run's time in seconds: the root's own, else the sum of its suites, else of its cases. */
export function durationOf(root: JunitSuite, isSuite: boolean, caseSeconds: number): number {
  return readSeconds(root.attributes.time) || (isSuite ? 0 : root.inner.time) || caseSeconds
}

/** The counts of a file without a test case: those of its attributes (D29). */
export function countsOfAttributes({ attributes, inner }: JunitSuite): ResultCounts {
  const count = (key: Exclude<keyof JunitSums, 'time'>) => readCount(attributes[key]) || inner[key]
  return {
    tests: count('tests'),
    errors: count('errors'),
    failures: count('failures'),
    skips: count('skipped'),
    xfailures: count('xfailures'),
    xpasses: count('xpasses'),
    duration: 0,
  }
}

/** The row of a run that an import makes, or of one that it adds to: what the file does not say stays (R3). */
export function toRunRow(id: string, news: JunitRunNews, stored: RunRow | undefined, now: string): RunRow {
  const { metadata } = news
  const before = stored?.data ? (parseStoredJson(stored.data) as JsonRecord) : {}
  return {
    id,
    project_id: news.projectId ?? stored?.project_id ?? null,
    data: stringifyJson(mergeMetadata(before, metadata)),
    env: columnText('metadata.env', metadata.env) ?? stored?.env ?? null,
    component: columnText('metadata.component', metadata.component) ?? stored?.component ?? null,
    source: news.source ?? stored?.source ?? null,
    start_time: news.startTime ?? stored?.start_time ?? now,
    duration: news.duration,
    summary: stored?.summary ?? null,
    created: stored?.created ?? now,
  }
}

/** All ten keys (D29), beside what else a client has put there. A recount gives the same. */
export function summaryOf(counts: ResultCounts, stored: RunRow | undefined): RunRow['summary'] {
  const parsed = stored?.summary ? parseStoredJson(stored.summary) : null
  const before = isRecord(parsed) ? parsed : {}
  const told = isRawNumber(before.collected) ? Number(before.collected.rawJSON) : before.collected
  const collected = Math.max(typeof told === 'number' ? told : 0, counts.tests)
  const { tests, errors, failures, skips, xpasses, xfailures } = counts
  const passes = Math.max(tests - errors - failures - skips - xpasses - xfailures, 0)
  return stringifyJson({
    ...before,
    errors,
    failures,
    skips,
    tests,
    xpasses,
    xfailures,
    collected,
    passes,
    pass_percent: tests > 0 ? Math.floor((100 * passes) / tests) : 0,
    not_run: collected - tests,
  })
}
