/** The numbers of a run's summary, which its client may have set to anything until the first recount. */
import sql, { raw, type Sql } from 'sql-template-tag'
import { numberUnder } from './json-condition.ts'

/**
 * A number of a run's summary as a whole one (halves away from zero); missing or unreadable ones count as 0 (D41), and so
 * do those that nothing can have counted: sums of them would be infinite.
 */
export function summaryNumber(key: string): Sql {
  return sql`(case when abs(${stored(key)}) <= 1e15 then round(${stored(key)}) else 0 end)`
}

/** The same with its fraction. */
export function exactSummaryNumber(key: string): Sql {
  return sql`(case when abs(${stored(key)}) <= 1e15 then ${stored(key)} else 0 end)`
}

const stored = (key: string) => numberUnder(raw('runs.summary'), key)
