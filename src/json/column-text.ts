import { fail } from '../errors.ts'
import { isRawNumber } from './raw-number.ts'

/**
 * A metadata value as the text of a column (data-model.md 5.2): numbers and booleans become text, a list of them
 * PostgreSQL's array text, null and missing stay null.
 *
 * @throws ApiError `invalid_value` for an object.
 */
export function columnText(field: string, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `{${value.map((item) => columnText(field, item) ?? 'NULL').join(',')}}`
  if (isRawNumber(value)) return value.rawJSON
  if (typeof value === 'object') throw fail('invalid_value', { detail: `${field} must be a text` })
  return String(value)
}
