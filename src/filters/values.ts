/** What the value of a filter means to each kind of column (filters.md 4 and 5). Every reader gives null for "does not fit". */
import { parseTime } from '../time/parse-time.ts'

const DECIMAL = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?$/i
const INFINITY = /^([+-]?)inf(?:inity)?$/i
const NAN = /^[+-]?nan$/i

/** A number as PostgreSQL's float8 takes it; blanks around it are fine, `inf` and `nan` are numbers. */
export function readDouble(value: string): number | null {
  const text = value.trim()
  if (NAN.test(text)) return Number.NaN
  const sign = INFINITY.exec(text)?.[1]
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (!DECIMAL.test(text)) return null
  const number = Number(text.replaceAll('_', ''))
  return Number.isFinite(number) ? number : null
}

/** jsonb keeps numbers of any size; past this exponent nobody means a number any more. */
const MAX_EXPONENT = 10_000

/**
 * A number as JSON writes it, digits untouched (`+5`, `.5`, `1.` become `5`, `0.5`, `1`), so that integers beyond
 * 2^53 stay exact. Null where the text reads as no finite number.
 */
export function readJsonNumber(value: string): string | null {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(value)
  if (!parts) return null
  const [, sign = '', whole = '', fraction = '', exponent] = parts
  if (whole === '' && fraction === '') return null
  if (exponent !== undefined && Math.abs(Number(exponent)) > MAX_EXPONENT) return null
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  return `${sign === '-' ? '-' : ''}${digits}${fraction === '' ? '' : `.${fraction}`}${exponent === undefined ? '' : `e${Number(exponent)}`}`
}

const LARGEST_NUMERIC = '1e131071'

/**
 * A number for a comparison with PostgreSQL's numeric. Infinity is not a numeric before PostgreSQL 14: it becomes
 * the largest power of ten, above everything that jsonb can hold in practice.
 */
export function readNumeric(value: string): string | null {
  const number = readDouble(value)
  if (number === null) return readJsonNumber(value.trim())
  if (Number.isNaN(number)) return 'NaN'
  if (!Number.isFinite(number)) return `${number < 0 ? '-' : ''}${LARGEST_NUMERIC}`
  return readJsonNumber(value.trim().replaceAll('_', '')) ?? String(number)
}

/** A 32-bit integer. */
export function readInteger(value: string): number | null {
  if (!/^\s*[+-]?\d+\s*$/.test(value)) return null
  const number = Number(value)
  return number >= -(2 ** 31) && number < 2 ** 31 ? number : null
}

/** PostgreSQL's spellings of booleans: unique beginnings of true, false, yes, no, on, off; 1 and 0; any case. */
export function readBoolean(value: string): boolean | null {
  const text = value.trim().toLowerCase()
  if (text === '') return null
  if (text === '1' || text === 'on' || 'true'.startsWith(text) || 'yes'.startsWith(text)) return true
  if (text === '0' || text === 'of' || text === 'off' || 'false'.startsWith(text) || 'no'.startsWith(text)) return false
  return null
}

/** A UUID in canonical form, from any form that PostgreSQL takes: upper case, braces, hyphens after any four digits. */
export function readUuid(value: string): string | null {
  const text = value.trim()
  const bare = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text
  if (!/^[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}$/i.test(bare)) return null
  const hex = bare.replaceAll('-', '').toLowerCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** A moment: a timestamp's text in UTC, or one of PostgreSQL's words for one that the database works out. */
export type Moment = { readonly at: string } | { readonly word: MomentWord }
export type MomentWord = 'now' | 'today' | 'yesterday' | 'tomorrow' | 'epoch' | 'infinity' | '-infinity'

const words: ReadonlySet<string> = new Set<MomentWord>([
  'now',
  'today',
  'yesterday',
  'tomorrow',
  'epoch',
  'infinity',
  '-infinity',
])

const LOOSE_TIME =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?)?\s*(z|[+-]\d{1,2}(?::?\d{2})?)?$/i

/**
 * A moment in UTC: ISO 8601 of any form with its offset honoured (D27), PostgreSQL's words, and the looser forms
 * that PostgreSQL took from Ibutsu's clients (`2024-6-1 9:30`, `2024/06/01`, a blank before the zone).
 */
export function readMoment(value: string): Moment | null {
  const text = value.trim()
  const word = text.toLowerCase().replace(/^\+/, '')
  if (isMomentWord(word)) return { word }
  const at = parseTime(text) ?? parseLooseTime(text)
  return at === null ? null : { at }
}

function isMomentWord(text: string): text is MomentWord {
  return words.has(text)
}

function parseLooseTime(text: string): string | null {
  const parts = LOOSE_TIME.exec(text)
  if (!parts) return null
  const [, year, month = '', day = '', hour, minute = '00', second = '00', zone = ''] = parts
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (hour === undefined) return zone === '' ? parseTime(date) : null
  return parseTime(`${date}T${hour.padStart(2, '0')}:${minute}:${second}${readZone(zone)}`)
}

function readZone(zone: string): string {
  if (zone.toUpperCase() === 'Z') return 'Z'
  const [, sign, hours = '', minutes = '00'] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? []
  return sign === undefined ? '' : `${sign}${hours.padStart(2, '0')}:${minutes}`
}

/** What `@` asks for: true for values that begin with y, t or 1, false for any other; the empty value means nothing. */
export function readExists(value: string): boolean | null {
  return value === '' ? null : /^[yt1]/i.test(value)
}
