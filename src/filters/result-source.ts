/** Where a statement finds the results that filters ask for. */
import sql, { raw, type Sql } from 'sql-template-tag'
import { beginning } from './column-condition.ts'
import { elementsOf } from './conditions.ts'
import type { Filter } from './grammar.ts'
import { type TableSpec, tables } from './tables.ts'

/** What stands behind `from`, always under the alias `results`, and the table that its conditions are compiled for. */
export interface ResultSource {
  readonly from: Sql
  readonly table: TableSpec
}

/*
 * The predicates of the indexes of db/migrations/0015 and 0016. Longer texts would not fit in an index together (D32). The
 * planner takes the first two for true of nearly all rows, the last one of nearly none.
 */
const MAX_BYTES = 1000
const areShort = raw('least(greatest(octet_length(test_id), octet_length(component)), 1001) <> 1001')
const isTestShort = raw('least(octet_length(test_id), 1001) <> 1001')
const isTestLong = raw('least(coalesce(octet_length(test_id), 0), 1001) = 1001')

const wholeTexts: TableSpec = {
  ...tables.results,
  columns: { ...tables.results.columns, component: { kind: 'text' } },
}
const everything: ResultSource = { from: raw('results'), table: tables.results }
const ofShortTexts: ResultSource = {
  from: sql`(select * from results where ${areShort}) as results`,
  table: wholeTexts,
}
const ofShortTests: ResultSource = {
  from: sql`(select * from results where ${isTestShort}) as results`,
  table: tables.results,
}

/**
 * Results of known tests are found, and counted without a look at the table, in indexes of whole texts: one for all components,
 * one for some. They lack rows whose test_id or component is too long for one. Hardly any row is; long tests are found in an
 * index of their own.
 */
export function resultSource(filters: readonly Filter[]): ResultSource {
  const tests = textsOf(filters, 'test_id')
  if (!tests) return everything
  if (tests.every(isShort)) return textsOf(filters, 'component')?.every(isShort) ? ofShortTexts : ofShortTests
  const [test = '', another] = tests
  return another === undefined ? { from: ofLongTest(test), table: tables.results } : everything
}

const ofLongTest = (test: string) =>
  sql`(select * from results where ${isTestLong} and left(test_id, 200) = ${beginning(test, 200)}::text) as results`

const isShort = (text: string) => Buffer.byteLength(text) <= MAX_BYTES

/** The texts of which a filter wants the field to be one; undefined where there is no such filter. */
function textsOf(filters: readonly Filter[], name: string): readonly string[] | undefined {
  const filter = filters.find(({ field, operator }) => field === name && (operator === 'eq' || operator === 'in'))
  return filter && (filter.operator === 'in' ? elementsOf(filter) : [filter.value])
}
