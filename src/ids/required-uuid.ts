import { fail } from '../errors.ts'
import { stringifyJson } from '../json/raw-number.ts'
import { parseUuid } from './uuid.ts'

/**
 * An id that a client sent, in its canonical form.
 *
 * @throws ApiError `invalid_uuid` naming the field.
 */
export function requiredUuid(field: string, value: unknown): string {
  const id = parseUuid(value)
  if (!id) throw fail('invalid_uuid', { field, value: print(value).slice(0, 100) })
  return id
}

/** Whatever JSON holds, as text. `String()` throws on numbers kept exact, and on objects with a `toString` of their own. */
function print(value: unknown): string {
  return typeof value === 'string' ? value : stringifyJson(value)
}
