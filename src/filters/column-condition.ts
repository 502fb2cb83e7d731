/** Filters on plain columns (filters.md 5). */
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
import type { ColumnKind, ColumnSpec } from './tables.ts'
import { type Moment, type MomentWord, readBoolean, readDouble, readInteger, readMoment, readUuid } from './values.ts'

/**
 * The condition of a filter on a column.
 * @throws ApiError invalid_filter
 */
export function compileColumn(column: Sql, spec: ColumnSpec, filter: Filter): Sql {
  if (filter.operator === 'exists') return existsCondition(column, filter)
  switch (spec.kind) {
    case 'text':
      return compileText(column, spec, filter)
    case 'jsonb':
      return compileJsonb(column, filter)
    case 'timestamp':
      return compileTimestamp(column, filter)
    case 'uuid':
      if (filter.operator === 'matches') return matchCondition(sql`${column}::text`, filter)
      return compileTyped(column, filter, scalarTypes.uuid)
    default:
      return compileTyped(column, filter, scalarTypes[spec.kind])
  }
}

function compileText(column: Sql, spec: ColumnSpec, filter: Filter): Sql {
  if (filter.operator === 'matches') return matchCondition(column, filter)
  if (filter.operator === 'contains') return containsCondition(column, filter)
  if (filter.operator === 'in') {
    return compileEquality(column, spec, elementsOf(filter), (texts) => sql`any(${texts}::text[])`)
  }
  if (filter.operator === 'eq') {
    return compileEquality(column, spec, [filter.value], ([text]) => sql`${text}::text`)
  }
  return sql`${column} ${comparison(filter)} ${filter.value}::text`
}

/**
 * Equality by the indexed beginning of the column. For texts shorter than that it is the whole comparison: to compare
 * the column as well would make the planner count the same condition twice and spoil its estimate.
 */
function compileEquality(column: Sql, { prefix }: ColumnSpec, texts: string[], operand: (texts: string[]) => Sql): Sql {
  if (prefix === undefined) return sql`${column} = ${operand(texts)}`
  const beginnings = texts.map((text) => beginning(text, prefix))
  const begins = sql`left(${column}, ${raw(String(prefix))}) = ${operand(beginnings)}`
  const isWhole = texts.every((text) => text.length < prefix)
  return isWhole ? begins : sql`${begins} and ${column} = ${operand(texts)}`
}

/** The first characters as PostgreSQL counts them: code points. */
export function beginning(text: string, characters: number): string {
  return text.length <= characters ? text : [...text.slice(0, 2 * characters)].slice(0, characters).join('')
}

interface ScalarType {
  readonly cast: Sql
  readonly wanted: string
  readonly read: (text: string) => unknown
}

const scalarTypes: Readonly<Record<Exclude<ColumnKind, 'text' | 'jsonb' | 'timestamp'>, ScalarType>> = {
  double: { cast: raw('float8'), wanted: 'a number', read: readDouble },
  integer: { cast: raw('integer'), wanted: 'a whole number', read: readInteger },
  boolean: { cast: raw('boolean'), wanted: 'true or false', read: readBoolean },
  uuid: { cast: raw('uuid'), wanted: 'a UUID', read: readUuid },
}

function compileTyped(column: Sql, filter: Filter, type: ScalarType): Sql {
  if (filter.operator === 'in') {
    return sql`${column} = any(${readElements(filter, type.read, type.wanted)}::${type.cast}[])`
  }
  const operator = comparison(filter)
  return sql`${column} ${operator} ${readOr(filter, type.read(filter.value), type.wanted)}::${type.cast}`
}

function compileTimestamp(column: Sql, filter: Filter): Sql {
  const wanted = 'a date and time of ISO 8601'
  if (filter.operator === 'in') {
    return sql`${column} in (${join(readElements(filter, readMoment, wanted).map(momentExpression))})`
  }
  const operator = comparison(filter)
  return sql`${column} ${operator} ${momentExpression(readOr(filter, readMoment(filter.value), wanted))}`
}

/** Columns hold UTC without a zone, whatever zone the session has. */
const momentWords: Readonly<Record<MomentWord, Sql>> = {
  now: raw(`(now() at time zone 'utc')`),
  today: raw(`date_trunc('day', now() at time zone 'utc')`),
  yesterday: raw(`(date_trunc('day', now() at time zone 'utc') - interval '1 day')`),
  tomorrow: raw(`(date_trunc('day', now() at time zone 'utc') + interval '1 day')`),
  epoch: raw(`timestamp 'epoch'`),
  infinity: raw(`timestamp 'infinity'`),
  '-infinity': raw(`timestamp '-infinity'`),
}

function momentExpression(moment: Moment): Sql {
  return 'word' in moment ? momentWords[moment.word] : sql`${moment.at}::timestamp`
}

/** A whole jsonb column is compared with the value as one JSON string, so an object never equals it (filters.md 5). */
function compileJsonb(column: Sql, filter: Filter): Sql {
  if (filter.operator === 'in') {
    return sql`${column} = any(${elementsOf(filter).map((text) => JSON.stringify(text))}::jsonb[])`
  }
  return sql`${column} ${comparison(filter)} ${JSON.stringify(filter.value)}::jsonb`
}

function comparison(filter: Filter): Sql {
  const operator = comparisonOf(filter.operator)
  if (operator === undefined) throw invalidFilter(filter, 'this field has no text to search')
  return operator
}
