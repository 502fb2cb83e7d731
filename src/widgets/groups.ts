import type { FieldExpression } from '../filters/field-expression.ts'
import { formatTime } from '../time/format-time.ts'
import type { Json } from './widget.ts'

/** A value of a grouped column as PostgreSQL's driver gives it: numbers for numbers, else text (see column-types.ts). */
export type GroupValue = string | number | boolean | null

/** A group's value as JSON: moments in ISO 8601, lists and objects as themselves. */
export function groupJson({ kind }: FieldExpression, value: GroupValue): Json {
  if (typeof value !== 'string') return value
  if (kind === 'timestamp') return formatTime(value)
  return kind === 'jsonb' ? JSON.parse(value) : value
}

/** A group as the key of an object: `null` for SQL's NULL, seconds with their `.0` as the original prints them. */
export function groupKey({ kind }: FieldExpression, value: GroupValue): string {
  if (kind === 'double' && typeof value === 'number' && Number.isInteger(value)) return value.toFixed(1)
  return kind === 'timestamp' && typeof value === 'string' ? formatTime(value) : String(value)
}
