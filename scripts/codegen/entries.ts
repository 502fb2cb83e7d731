import { isObject, type JsonObject, objectOf } from './json.ts'
import type { Complaint } from './problem.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'] as const

/** An operation as the bundled document has it. */
export interface Entry {
  readonly path: string
  readonly method: string
  readonly item: JsonObject
  readonly operation: JsonObject
}

/** Reports a problem at an object of the bundled document, or at a member of it. */
export type Report = (node: object, complaint: Complaint, ...steps: readonly (string | number)[]) => void

/** Every operation of the document, in its order. */
export function entriesOf(document: JsonObject): Entry[] {
  const entries: Entry[] = []
  for (const [path, item] of Object.entries(objectOf(document.paths))) {
    if (!isObject(item)) continue
    for (const [method, operation] of Object.entries(item)) {
      if (!(METHODS as readonly string[]).includes(method) || !isObject(operation)) continue
      entries.push({ path, method, item, operation })
    }
  }
  return entries
}

/** True when a caller needs a token: `security: []` opens an operation. */
export function isSecured(document: JsonObject, operation: JsonObject): boolean {
  const security = operation.security ?? document.security
  return (
    Array.isArray(security) && security.length > 0 && !security.some((one) => Object.keys(objectOf(one)).length === 0)
  )
}
