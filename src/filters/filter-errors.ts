/** What only the database can judge about a filter, as the caller's error. */
import { type ApiError, fail } from '../errors.ts'
import type { Filter } from './grammar.ts'
import { describeFilters, invalidFilter } from './invalid-filter.ts'

/** The values that PostgreSQL can find wrong: a type's text, a range, a moment. Ours are checked before: a last net. */
const badValueStates: ReadonlySet<string> = new Set(['22P02', '22003', '22007', '22008'])

/**
 * The 400 for an error that a statement composed of these filters met, or null when they can't be its cause.
 * A broken regular expression (2201B) is the filter's; so is a statement over the time limit (57014), since only
 * filters make lists slow (design.md).
 */
export function translateFilterError(error: unknown, filters: readonly Filter[]): ApiError | null {
  const state = sqlState(error)
  if (state === '57014') {
    return fail('statement_timeout', { filter: describeFilters(filters) })
  }
  if (state === '2201B') {
    return blame(
      filters.filter((filter) => filter.operator === 'matches'),
      'the regular expression is not valid',
    )
  }
  return state !== null && badValueStates.has(state) ? blame(filters, 'the value is not valid') : null
}

function blame(suspects: readonly Filter[], reason: string): ApiError | null {
  const [only] = suspects
  if (only === undefined) return null
  if (suspects.length === 1) return invalidFilter(only, reason)
  return fail('invalid_filter', { filter: describeFilters(suspects), reason: `one of them: ${reason}` })
}

function sqlState(error: unknown): string | null {
  const isObject = typeof error === 'object' && error !== null
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : null
}
