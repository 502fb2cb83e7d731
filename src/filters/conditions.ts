/** The conditions that columns and JSON paths share. Expressions are trusted SQL, values are parameters. */
import sql, { raw, type Sql } from 'sql-template-tag'
import type { Filter, Operator } from './grammar.ts'
import { invalidFilter } from './invalid-filter.ts'
import { readExists } from './values.ts'

/** A longer pattern is no search any more; building its automaton costs the database seconds. */
const MAX_PATTERN_CHARACTERS = 1000

const comparisons: Partial<Readonly<Record<Operator, Sql>>> = {
  eq: raw('='),
  ne: raw('<>'),
  gt: raw('>'),
  lt: raw('<'),
  ge: raw('>='),
  le: raw('<='),
}

/** The SQL operator of a comparison; undefined for operators that compare no order. */
export function comparisonOf(operator: Operator): Sql | undefined {
  return comparisons[operator]
}

/**
 * `@`: whether the expression is null. An empty value asks nothing.
 * @throws ApiError invalid_filter
 */
export function existsCondition(expression: Sql, filter: Filter): Sql {
  const wanted = readExists(filter.value)
  if (wanted === null) throw invalidFilter(filter, 'say y or n')
  return wanted ? sql`${expression} is not null` : sql`${expression} is null`
}

/**
 * `~`: PostgreSQL's regular expression, case-sensitive and unanchored.
 * @throws ApiError invalid_filter
 */
export function matchCondition(text: Sql, filter: Filter): Sql {
  if (filter.value.length > MAX_PATTERN_CHARACTERS) {
    throw invalidFilter(filter, `a pattern has at most ${MAX_PATTERN_CHARACTERS} characters`)
  }
  return sql`${text} ~ ${filter.value}::text`
}

/** `%`: contains, in any case. `%`, `_` and `\` in the value keep their meaning in LIKE. */
export function containsCondition(text: Sql, filter: Filter): Sql {
  return sql`${text} ilike ${`%${filter.value}%`}::text`
}

/** The elements of the value of `*`. */
export function elementsOf(filter: Filter): string[] {
  return filter.value.split(';')
}

/**
 * Reads every element of the value of `*`.
 * @throws ApiError invalid_filter when one of them does not fit
 */
export function readElements<T>(filter: Filter, read: (text: string) => T | null, wanted: string): T[] {
  return elementsOf(filter).map((element) => readOr(filter, read(element), wanted))
}

/**
 * A value that was read, or the 400 that says what was wanted.
 * @throws ApiError invalid_filter
 */
export function readOr<T>(filter: Filter, value: T | null, wanted: string): T {
  if (value === null) throw invalidFilter(filter, `the value must be ${wanted}`)
  return value
}
