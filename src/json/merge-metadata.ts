import { getMember, isRecord, type JsonRecord, setMember } from './json-record.ts'

/**
 * Lays sent metadata over stored metadata (contract/data-model.md 5.3, D35): objects are merged key by key, anything
 * else replaces, also a text or list over an object; null deletes nothing. Keys not stored are added as sent, null
 * included. Gives a new object that shares the untouched values; changes neither argument. Raw numbers are values.
 */
export function mergeMetadata(stored: JsonRecord | null, sent: JsonRecord): JsonRecord {
  return combine(stored ?? {}, sent, (old, next) => (next === null ? old : next))
}

/**
 * Fills only what stored metadata lacks or has as null, on each level (bulk update, contract/data-model.md 5.4).
 * Existing values win.
 */
export function fillMetadata(stored: JsonRecord | null, sent: JsonRecord): JsonRecord {
  return combine(stored ?? {}, sent, (old, next) => (old === null ? next : old))
}

/**
 * Moves the members of `metadata.user_properties` up into metadata, where existing values win, nested objects
 * likewise (contract/data-model.md 5.2). Empty or no object: it stays where it is (R1).
 */
export function liftUserProperties(metadata: JsonRecord): JsonRecord {
  const properties = getMember(metadata, 'user_properties')
  if (!isRecord(properties) || Object.keys(properties).length === 0) return metadata
  const { user_properties: _lifted, ...rest } = metadata
  return fillMetadata(rest, properties)
}

function combine(stored: JsonRecord, sent: JsonRecord, choose: (old: unknown, next: unknown) => unknown): JsonRecord {
  // A spread copies a stored `__proto__` member as data.
  const merged: JsonRecord = { ...stored }
  for (const key of Object.keys(sent)) {
    const next = sent[key]
    if (!Object.hasOwn(stored, key)) {
      setMember(merged, key, next)
      continue
    }
    const old = stored[key]
    setMember(merged, key, isRecord(old) && isRecord(next) ? combine(old, next, choose) : choose(old, next))
  }
  return merged
}
