import { fail } from '../errors.ts'
import type { RawJson } from './raw-json.ts'
import { stringifyJson } from './raw-number.ts'

/** Merged metadata may be as large as so many bodies together. */
const BODIES = 4

/**
 * The text of merged metadata. Each change adds up to one body to what is stored, so that without an end a client could
 * grow a row, which every later read prints whole, as far as PostgreSQL goes. What is larger already may be changed as
 * long as it does not grow.
 * @throws ApiError body_too_large
 */
export function printMerged(stored: string | null, merged: object, maxJsonBytes: number): RawJson {
  const text = stringifyJson(merged)
  const limit = BODIES * maxJsonBytes
  if (text.length > limit && text.length > (stored?.length ?? 0)) throw fail('body_too_large', { limit })
  return text
}
