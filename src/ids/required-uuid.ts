import { fail } from '../errors.ts'
import { parseUuid } from './uuid.ts'

/**
 * An id that a client sent, in its canonical form.
 *
 * @throws ApiError `invalid_uuid` naming the field.
 */
export function requiredUuid(field: string, value: unknown): string {
  const id = parseUuid(value)
  if (!id) throw fail('invalid_uuid', { field, value: String(value).slice(0, 100) })
  return id
}
