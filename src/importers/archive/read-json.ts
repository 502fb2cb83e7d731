import { ApiError } from '../../errors.ts'
import { isRecord, type JsonRecord } from '../../json/json-record.ts'
import { parseJsonBody } from '../../json/parse-json.ts'
import { isRawNumber } from '../../json/raw-number.ts'
import { parseTime } from '../../time/parse-time.ts'
import { ImportRefused } from '../import-refused.ts'
import { shown } from './entry-name.ts'

/** A run.json or result.json, and typed access to its members; what does not fit is refused by name. */
export class JsonFile {
  readonly #name: string
  readonly #members: JsonRecord

  /** @throws ImportRefused when it is no JSON object. */
  constructor(name: string, bytes: Buffer) {
    this.#name = name
    const value = parse(name, bytes)
    if (!isRecord(value)) throw new ImportRefused(`${shown(name)} is no JSON object.`)
    this.#members = value
  }

  get(key: string): unknown {
    return Object.hasOwn(this.#members, key) ? this.#members[key] : undefined
  }

  /** Numbers and booleans are taken as texts; null and missing are null. */
  text(key: string): string | null {
    const value = this.get(key)
    if (value === null || value === undefined) return null
    if (typeof value === 'string') return value
    if (isRawNumber(value)) return value.rawJSON
    if (typeof value === 'object') throw this.#misfit(key, 'a text')
    return String(value)
  }

  number(key: string): number | null {
    const value = this.get(key)
    if (value === null || value === undefined || value === '') return null
    const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
    if (!Number.isFinite(number)) throw this.#misfit(key, 'a number')
    return number
  }

  /** Null and missing are null. */
  object(key: string): JsonRecord | null {
    const value = this.get(key)
    if (value === null || value === undefined) return null
    if (!isRecord(value)) throw this.#misfit(key, 'an object')
    return value
  }

  /** In UTC without zone. */
  time(key: string): string | null {
    const text = this.text(key)
    if (text === null || text === '') return null
    const time = parseTime(text)
    if (!time) throw this.#misfit(key, 'an ISO 8601 date and time')
    return time
  }

  #misfit(key: string, what: string): ImportRefused {
    return new ImportRefused(`${key} in ${shown(this.#name)} is not ${what}.`)
  }
}

function parse(name: string, bytes: Buffer): unknown {
  try {
    return parseJsonBody(bytes)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const reason = error.message.slice(error.message.indexOf(':') + 1).trim()
    throw new ImportRefused(
      bytes.length === 0 ? `${shown(name)} is empty.` : `${shown(name)} is not valid JSON: ${reason}.`,
    )
  }
}
