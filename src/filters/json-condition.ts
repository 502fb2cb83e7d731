/** Filters on JSON: keys below `data` and `summary` (filters.md 3 and 5, D12). */
import sql, { join, raw, type Sql } from 'sql-template-tag'
import {
  comparisonOf,
  containsCondition,
  elementsOf,
  existsCondition,
  matchCondition,
  readElements,
  readOr,
} from './conditions.ts'
import type { Filter } from './grammar.ts'
import { invalidFilter } from './invalid-filter.ts'
import { readJsonNumber, readNumeric } from './values.ts'

/** A place in a jsonb column: the keys from its root, at least one. */
export interface JsonPath {
  readonly column: Sql
  readonly path: readonly string[]
  /** The column has a GIN index (jsonb_path_ops): help it with `@>`. */
  readonly contained: boolean
}

const arrayFields: ReadonlySet<string> = new Set(['metadata.tags', 'metadata.markers', 'metadata.annotations'])
const countFields: ReadonlySet<string> = new Set(
  ['failures', 'errors', 'pass_percent', 'passes', 'skips', 'tests', 'xfailures', 'xpasses'].map(
    (key) => `summary.${key}`,
  ),
)

/** The three lists of texts in metadata. `data.tags` is none: that is plain text of the JSON. */
export function isArrayField(field: string): boolean {
  return arrayFields.has(field)
}

/** The numbers in a run's summary. Others, as `summary.collected`, compare like any JSON path. */
export function isCountField(field: string): boolean {
  return countFields.has(field)
}

/**
 * A condition on a JSON value. Its text counts, but where the stored value is a number and the filter's value reads
 * as one, they compare as numbers (D12): `metadata.count>40` is about 100, `metadata.version>4.5` about "4.6".
 * @throws ApiError invalid_filter
 */
export function compilePath(place: JsonPath, filter: Filter): Sql {
  const text = textAt(place)
  if (filter.operator === 'exists') return existsCondition(text, filter)
  if (filter.operator === 'matches') return matchCondition(text, filter)
  if (filter.operator === 'contains') return containsCondition(text, filter)
  if (filter.operator === 'in') return compileListed(place, elementsOf(filter))

  const operator = comparisonOf(filter.operator)
  const asText = sql`${text} ${operator} ${filter.value}::text`
  const number = readJsonNumber(filter.value)
  const helper = filter.operator === 'eq' ? containment(place, [filter.value]) : null
  // Build numbers compare as texts for `=`: their texts have an index of their own (filters.md 4, step 4a).
  const isBuildNumber = filter.operator === 'eq' && filter.field.includes('build_number')
  if (helper !== null && !(isBuildNumber && number !== null)) return sql`(${helper})`
  const exact = number === null || isBuildNumber ? asText : compareNumbers(place, operator, number, asText)
  return helper === null ? exact : sql`(${helper}) and ${exact}`
}

function compareNumbers(place: JsonPath, operator: Sql | undefined, number: string, asText: Sql): Sql {
  const node = nodeAt(place)
  return sql`case when jsonb_typeof(${node}) = 'number' then (${node})::numeric ${operator} ${number}::numeric else ${asText} end`
}

function compileListed(place: JsonPath, elements: readonly string[]): Sql {
  const helper = containment(place, elements)
  const listed = sql`${textAt(place)} = any(${elements}::text[])`
  if (helper !== null && elements.every((element) => readJsonNumber(element) === null)) return sql`(${helper})`
  return helper === null ? listed : sql`(${helper}) and ${listed}`
}

/** More values than this are as many index scans: then the list is better read by other means. */
const MAX_LOOKUPS = 20

/**
 * What a GIN index can look up: the rows whose text at the path is one of the values. Null where there is no index, or no
 * such form, as for the texts of objects and lists. `@>` compares numbers by value, 1 finds 1.0: where texts count, it finds
 * too many. Where it is exact it stands alone: with a second condition for the same the planner takes both for rare, and
 * reads and sorts all rows of a value that many have (measured at 3 M: 240 ms instead of 2).
 */
function containment(place: JsonPath, values: readonly string[]): Sql | null {
  if (!place.contained || !canBeContained(values)) return null
  return containsAny(place, values.flatMap(jsonForms))
}

function canBeContained(values: readonly string[]): boolean {
  return values.length <= MAX_LOOKUPS && !values.some((value) => value.startsWith('{') || value.startsWith('['))
}

/** Whether the rows of a filter are looked up in the GIN index on `data`, where there is one. */
export function isLookedUp(filter: Filter): boolean {
  if (!/^(metadata|data)\./.test(filter.field)) return false
  if (filter.operator !== 'eq' && filter.operator !== 'in') return false
  const values = filter.operator === 'in' ? elementsOf(filter) : [filter.value]
  return isArrayField(filter.field) ? values.length <= MAX_LOOKUPS : canBeContained(values)
}

/** The JSON values that print as this text. */
function jsonForms(text: string): string[] {
  const number = readJsonNumber(text)
  const forms = [toJsonString(text)]
  if (number !== null) forms.push(number)
  if (text === 'true' || text === 'false') forms.push(text)
  return forms
}

function containsAny({ column, path }: JsonPath, forms: readonly string[]): Sql {
  return join(
    forms.map((form) => sql`${column} @> ${nest(path, form)}::jsonb`),
    ' or ',
  )
}

function nest(path: readonly string[], json: string): string {
  return path.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, json)
}

/**
 * A condition on a list of texts. A plain text counts as a list of one; numbers in the list are found by `=` only.
 * Operators other than `=`, `*` and `@` restrict nothing (recorded). JSON null counts as present.
 * @throws ApiError invalid_filter
 */
export function compileArray(place: JsonPath, filter: Filter): Sql | null {
  const list = nodeAt(place)
  if (filter.operator === 'exists') return existsCondition(list, filter)
  if (filter.operator === 'in') return compileElements(place, elementsOf(filter).map(toJsonString))
  if (filter.operator !== 'eq') return null
  const number = readJsonNumber(filter.value)
  return compileElements(place, [toJsonString(filter.value), ...(number === null ? [] : [number])])
}

/** Whether one of the JSON values is in the list, or is the plain value that stands for a list of one. */
function compileElements(place: JsonPath, elements: string[]): Sql {
  const exact = sql`${nodeAt(place)} @> any(${elements}::jsonb[])`
  if (!place.contained || elements.length > MAX_LOOKUPS) return exact
  return sql`(${containsAny(place, [...elements, ...elements.map((element) => `[${element}]`)])}) and ${exact}`
}

function toJsonString(text: string): string {
  return JSON.stringify(text)
}

/**
 * A condition on a count in the summary. What is stored there is the client's until the first recount: anything that
 * is no number, nor a text that reads as one, counts as missing instead of breaking the list.
 * @throws ApiError invalid_filter
 */
export function compileCount(place: JsonPath, filter: Filter): Sql {
  const text = textAt(place)
  if (filter.operator === 'exists') return existsCondition(text, filter)
  const count = numberUnder(place.column, place.path.join('.'))
  if (filter.operator === 'in') {
    return sql`${count} = any(${readElements(filter, readNumeric, 'a number')}::numeric[])`
  }
  const operator = comparisonOf(filter.operator)
  if (operator === undefined) throw invalidFilter(filter, 'this field has no text to search')
  return sql`${count} ${operator} ${readOr(filter, readNumeric(filter.value), 'a number')}::numeric`
}

/**
 * The number under a key that this program knows, or the one that a text there reads as; NULL for anything else, such as blanks
 * and digits of Unicode that `\s` and `\d` would find and numeric does not read. It stands so in an index (db/migrations/0016).
 */
export function numberUnder(column: Sql, key: string): Sql {
  const node = sql`${column}->${raw(`'${key}'`)}`
  const text = sql`${column}->>${raw(`'${key}'`)}`
  return sql`(case jsonb_typeof(${node}) when 'number' then (${node})::numeric when 'string' then case when ${text} ~ '^[ \\t\\n\\r\\f\\v]*[+-]?[0-9]{1,18}(\\.[0-9]{1,18})?[ \\t\\n\\r\\f\\v]*$' then (${text})::numeric end end)`
}

/** `data->'a'->'b'`. The keys are parameters: PostgreSQL knows them when it plans, so indexes on expressions serve. */
export function nodeAt({ column, path }: JsonPath): Sql {
  return path.reduce((node, key) => sql`${node}->${key}::text`, column)
}

/** `data->'a'->>'b'`: the text of a string, or of any other value as PostgreSQL prints it; JSON null is missing. */
export function textAt({ column, path }: JsonPath): Sql {
  const last = path.at(-1) ?? ''
  return sql`(${nodeAt({ column, path: path.slice(0, -1), contained: false })}->>${last}::text)`
}
