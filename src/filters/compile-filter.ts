/**
 * Filters → SQL conditions (filters.md 3 to 5). Names come from the table specs, values are always parameters, and
 * what does not fit is refused here (D12), so that the database only ever sees good values. The one exception is
 * regular expressions, which only PostgreSQL can judge: see `./filter-errors.ts`.
 */
import sql, { join, raw, type Sql } from 'sql-template-tag'
import { compileColumn } from './column-condition.ts'
import { existsCondition } from './conditions.ts'
import type { Filter } from './grammar.ts'
import { invalidFilter } from './invalid-filter.ts'
import { compileArray, compileCount, compilePath, isArrayField, isCountField } from './json-condition.ts'
import type { TableSpec } from './tables.ts'

/** Deeper paths than anybody's metadata would only cost the database's parser its stack. */
export const MAX_PATH_PARTS = 64

/**
 * The condition of one filter, or null when it restricts nothing (unknown field, operator without a meaning).
 * @throws ApiError invalid_filter
 */
export function compileFilter(table: TableSpec, filter: Filter): Sql | null {
  const condition = compileField(table, filter)
  if (!table.keepsProjectless || !filter.text.includes('project')) return condition
  const projectless = raw(`${table.alias}.project_id is null`)
  return condition === null ? projectless : sql`(${projectless} or (${condition}))`
}

/**
 * The conditions of all filters, joined with AND; `true` when there are none.
 * @throws ApiError invalid_filter
 */
export function compileFilters(table: TableSpec, filters: readonly Filter[]): Sql {
  const conditions = filters.map((filter) => compileFilter(table, filter)).filter((condition) => condition !== null)
  return conditions.length === 0 ? sql`true` : join(conditions, ' and ')
}

function compileField(table: TableSpec, filter: Filter): Sql | null {
  const [root, ...path] = filter.field.split('.')
  if (root === 'metadata' || root === 'data') return compileData(table, filter, path)
  if (root === 'summary') return compileSummary(table, filter, path)
  const column = Object.hasOwn(table.columns, filter.field) ? table.columns[filter.field] : undefined
  return column ? compileColumn(raw(`${table.alias}.${filter.field}`), column, filter) : null
}

function compileData(table: TableSpec, filter: Filter, path: readonly string[]): Sql | null {
  if (!table.data) throw invalidFilter(filter, 'there is no metadata here')
  checkPath(filter, path)
  const data = { column: raw(`${table.alias}.data`), path, contained: table.containment }
  return isArrayField(filter.field) ? compileArray(data, filter) : compilePath(data, filter)
}

function compileSummary(table: TableSpec, filter: Filter, path: readonly string[]): Sql | null {
  if (!table.summary) throw invalidFilter(filter, 'there is no summary here')
  const column = raw(`${table.alias}.summary`)
  if (path.length === 0 && filter.operator === 'exists') return existsCondition(column, filter)
  checkPath(filter, path)
  const summary = { column, path, contained: false }
  return isCountField(filter.field) ? compileCount(summary, filter) : compilePath(summary, filter)
}

function checkPath(filter: Filter, path: readonly string[]): void {
  if (path.length === 0) throw invalidFilter(filter, `name a key, as in ${filter.field}.key`)
  if (path.length > MAX_PATH_PARTS) throw invalidFilter(filter, `a path has at most ${MAX_PATH_PARTS} keys`)
}
