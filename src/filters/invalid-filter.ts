import { type ApiError, fail } from '../errors.ts'
import type { Filter } from './grammar.ts'

const SHOWN_CHARACTERS = 200

/** The 400 of a filter whose value or operator means nothing to its field (D12). Names the filter. */
export function invalidFilter(filter: Filter, reason: string): ApiError {
  return fail('invalid_filter', { filter: shorten(filter.text), reason })
}

/** The filters' texts for a message about all of them. */
export function describeFilters(filters: readonly Filter[]): string {
  return filters.length === 0 ? 'it has no filter' : shorten(filters.map((filter) => filter.text).join(', '))
}

function shorten(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS).toWellFormed()}…` : text
}
