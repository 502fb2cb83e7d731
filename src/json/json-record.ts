import { isRawNumber } from './raw-number.ts'

/** A JSON object. Its keys are data: never read one that may be missing without `Object.hasOwn`. */
export type JsonRecord = Record<string, unknown>

/** Is it a JSON object (no list, null or raw number)? */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
}

/** Sets an own member, whatever its key is called; a plain assignment to `__proto__` would change the prototype. */
export function setMember(target: JsonRecord, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  } else {
    target[key] = value
  }
}

/** The own member of that name, undefined when there is none. */
export function getMember(target: JsonRecord, key: string): unknown {
  return Object.hasOwn(target, key) ? target[key] : undefined
}
