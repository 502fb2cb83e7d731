/**
 * The filter language's grammar (filters.md 2, D25, D45): texts of the query parameter `filter` → filters.
 * What a field means and whether a value fits is for `./compile-filter.ts`.
 */
import { isKnownField } from './tables.ts'

export type Operator = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'matches' | 'contains' | 'in' | 'exists'

/** One condition that a client asked for. `text` is what it sent, for messages. */
export interface Filter {
  readonly text: string
  readonly field: string
  readonly operator: Operator
  /** Double quotes at both ends are gone; NUL and lone surrogates are U+FFFD, as in stored texts (D35). */
  readonly value: string
}

const operators: Readonly<Record<string, Operator>> = {
  '=': 'eq',
  '!': 'ne',
  '>': 'gt',
  '<': 'lt',
  ')': 'ge',
  '>=': 'ge',
  '(': 'le',
  '<=': 'le',
  '~': 'matches',
  '%': 'contains',
  '*': 'in',
  '@': 'exists',
}

const FIELD = String.raw`[\p{L}\p{M}\p{N}._-]+`
const OPERATOR = '>=|<=|[=!><)(~*%@]'
/** A value ends at the first line feed. */
const whole = new RegExp(`^(${FIELD})(${OPERATOR})([^\\n]*)`, 'u')
const head = new RegExp(`^(${FIELD})(?:${OPERATOR})`, 'u')

/**
 * Reads filter texts, all to be joined with AND. A text that is no filter (no field or operator at its beginning)
 * is left out without an error (filters.md 2).
 *
 * A comma separates two filters only where a field and an operator follow it; otherwise it belongs to the value
 * (D25). "A field" is a name that some table knows: so `test_id=f[a=1,b=2]` and `test_id=f(1,2)` stay whole, and
 * `result=failed,env=qa` is two filters.
 */
export function parseFilters(texts: readonly string[]): Filter[] {
  return texts
    .flatMap((text) => splitAtFilters(toStoredText(text)))
    .map(parseFilter)
    .filter((filter) => filter !== null)
}

/** The same filters in the order of their fields, so that one list has one statement however it is asked for. */
export function inOneOrder(filters: readonly Filter[]): readonly Filter[] {
  return filters.toSorted((a, b) => (a.field < b.field ? -1 : 1))
}

/** Their fields and operators, in that order: `component eq,summary.failures gt`. */
export function formOf(filters: readonly Filter[]): string {
  return inOneOrder(filters)
    .map(({ field, operator }) => `${field} ${operator}`)
    .join()
}

/** Reads one filter whose value may hold any commas; null when the text is no filter. */
export function readFilter(text: string): Filter | null {
  return parseFilter(toStoredText(text))
}

/** A text as it would be stored: NUL and lone surrogates can't be, they become U+FFFD (D35). */
export function toStoredText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{FFFD}')
}

function splitAtFilters(text: string): string[] {
  const [first = '', ...others] = text.split(',')
  const texts = [first]
  for (const part of others) {
    const field = head.exec(part)?.[1]
    if (field !== undefined && isKnownField(field)) texts.push(part)
    else texts.push(`${texts.pop()},${part}`)
  }
  return texts
}

function parseFilter(text: string): Filter | null {
  const [, field, sign, value] = whole.exec(text) ?? []
  const operator = sign === undefined ? undefined : operators[sign]
  if (field === undefined || operator === undefined || value === undefined) return null
  return { text, field, operator, value: stripQuotes(value) }
}

/** Takes double quotes off both ends, any number. By hand: `/"+$/` is quadratic on a long row of quotes. */
function stripQuotes(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && value[start] === '"') start++
  while (end > start && value[end - 1] === '"') end--
  return value.slice(start, end)
}

const projectFields = new Set(['project_id', 'metadata.project', 'data.project'])

/** Whether a filter names a project, whatever its operator and value: this unlocks lists (filters.md 6). */
export function hasProjectFilter(filters: readonly Filter[]): boolean {
  return filters.some((filter) => projectFields.has(filter.field))
}
