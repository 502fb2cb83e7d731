import { type RawJson, rawJson } from './raw-json.ts'

/** A number kept as the text it was sent with; an object to `typeof`, a number to JSON.stringify. */
export interface RawNumber {
  readonly rawJSON: string
}

/** What Node 24 has and TypeScript's library does not know yet. */
const native = JSON as unknown as {
  rawJSON(text: string): RawNumber
  isRawJSON(value: unknown): value is RawNumber
}

/** Makes a raw number of a valid JSON number. */
export function rawNumber(text: string): RawNumber {
  return native.rawJSON(text)
}

export function isRawNumber(value: unknown): value is RawNumber {
  return native.isRawJSON(value)
}

/** JSON text of a parsed value, raw numbers as they were sent. Undefined is null. */
export function stringifyJson(value: unknown): RawJson {
  return rawJson(JSON.stringify(value) ?? 'null')
}
