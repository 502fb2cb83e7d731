import { isRecord, type JsonRecord, setMember } from './json-record.ts'

const NUL = '\u0000'
const REPLACEMENT = '\uFFFD'

/** Replaces what PostgreSQL's texts can't hold, NUL and lone surrogates, by U+FFFD (D35). */
export function cleanText(text: string): string {
  const wellFormed = text.toWellFormed()
  return wellFormed.includes(NUL) ? wellFormed.replaceAll(NUL, REPLACEMENT) : wellFormed
}

/** Cleans every text and key of a parsed value, in place where it can. Depth is bounded by the parser. */
export function cleanJson(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = cleanJson(value[index])
    return value
  }
  return isRecord(value) ? cleanRecord(value) : value
}

function cleanRecord(record: JsonRecord): JsonRecord {
  const keys = Object.keys(record)
  // A renamed key needs a new object, so that the later of two keys that became one counts.
  const target = keys.every((key) => cleanText(key) === key) ? record : {}
  for (const key of keys) setMember(target, cleanText(key), cleanJson(record[key]))
  return target
}
