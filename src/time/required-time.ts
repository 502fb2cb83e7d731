import { fail } from '../errors.ts'
import { parseTime } from './parse-time.ts'

/**
 * A moment that a client sent, in UTC without zone as the columns hold it.
 *
 * @throws ApiError `invalid_time` naming the field.
 */
export function requiredTime(field: string, value: string): string {
  const time = parseTime(value)
  if (time === null) throw fail('invalid_time', { field, value: value.slice(0, 100) })
  return time
}
