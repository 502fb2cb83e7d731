/** What a field's name means as an expression, by the rules of filters (filters.md 3, widgets.md 1.2). */
import sql, { raw, type Sql } from 'sql-template-tag'
import { fail } from '../errors.ts'
import { MAX_PATH_PARTS } from './compile-filter.ts'
import { isArrayField, isCountField, nodeAt, numberUnder, textAt } from './json-condition.ts'
import type { ColumnKind, TableSpec } from './tables.ts'

/** A field of a table: its expression, trusted SQL, and what it yields. */
export interface FieldExpression {
  readonly expression: Sql
  readonly kind: ColumnKind
}

/**
 * The expression that rows are grouped by: a column; a JSON path as text; the JSON itself of the three lists; a count of
 * the summary as a whole number, NULL where it is none. Null for a name that the table does not have.
 * @throws ApiError invalid_group_field for a whole JSON column, or a path into one that the table lacks (D12)
 */
export function groupExpression(table: TableSpec, field: string): FieldExpression | null {
  const [root = '', ...path] = field.split('.')
  if (root === 'metadata' || root === 'data') return groupByPath(table.data, raw(`${table.alias}.data`), field, path)
  if (root === 'summary') return groupByPath(table.summary, raw(`${table.alias}.summary`), field, path)
  const column = Object.hasOwn(table.columns, field) ? table.columns[field] : undefined
  return column ? { expression: raw(`${table.alias}.${field}`), kind: column.kind } : null
}

function groupByPath(exists: boolean, column: Sql, field: string, path: readonly string[]): FieldExpression {
  if (!exists) throw fail('invalid_group_field', { field, reason: 'there is no such object here' })
  if (path.length === 0) throw fail('invalid_group_field', { field, reason: `name a key, as in ${field}.key` })
  if (path.length > MAX_PATH_PARTS) {
    throw fail('invalid_group_field', { field: 'this path', reason: `it has more than ${MAX_PATH_PARTS} keys` })
  }
  const place = { column, path, contained: false }
  if (isArrayField(field)) return { expression: nodeAt(place), kind: 'jsonb' }
  if (isCountField(field))
    return { expression: sql`round(${numberUnder(place.column, place.path.join('.'))})`, kind: 'integer' }
  return { expression: textAt(place), kind: 'text' }
}
