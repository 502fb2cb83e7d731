import { createHash } from 'node:crypto'
import type { Statement } from './queryable.ts'

/**
 * The statement as a prepared one, where the number of its texts is bounded: each connection keeps every one it has seen.
 * Named for its text, so that pieces may be put together freely.
 */
export function prepareIf(isBounded: boolean, { text, values = [] }: Statement): Statement {
  return isBounded ? { name: createHash('sha1').update(text).digest('hex'), text, values } : { text, values }
}
