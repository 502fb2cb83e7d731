import { randomBytes } from 'node:crypto'
import { fail } from '../errors.ts'
import { cleanJson } from './clean-json.ts'
import { isRecord, setMember } from './json-record.ts'
import { rawNumber } from './raw-number.ts'
import { MAX_DEPTH, type ScannedJson, scanJson } from './scan-json.ts'

/**
 * Reads the JSON of a request body. Throws `empty_body`, or `broken_json` with a reason a client can act on.
 *
 * - UTF-8 only, strictly; a byte order mark is skipped.
 * - Numbers that a JavaScript number can't hold stay exact as raw numbers (`raw-number.ts`) inside nested objects and
 *   lists. The members of the outermost object are always plain numbers, so that validators see what they expect.
 *   Numbers that neither JSON's other readers nor jsonb hold (1e400) are refused.
 * - NUL and lone surrogates, which jsonb can't hold, become U+FFFD in texts and keys (D35).
 * - No more than 200 levels, so that PostgreSQL and every recursive walk are safe; no more than 50,000 different keys and
 *   50,000 numbers of that kind, so that no body keeps the others waiting.
 * - A `__proto__` key is plain data. Of a doubled key the last one counts.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) throw fail('empty_body')
  return parseText(decode(bytes), BELOW_MEMBERS)
}

/** Like `parseJsonBody` for text that is one open object (a form field): large numbers are exact on every level. */
export function parseJsonText(text: string): unknown {
  return parseText(text, EVERYWHERE)
}

/** Reads a jsonb column's text for a merge: trusted, large numbers exact on every level. */
export function parseStoredJson(text: string): unknown {
  const { longNumbers } = scanJson(text, EVERYWHERE)
  return longNumbers.length > 0 ? parseExactly(text, longNumbers) : JSON.parse(text)
}

/** Levels from which on numbers are kept exact. */
const EVERYWHERE = 0
const BELOW_MEMBERS = 2

function parseText(text: string, exactFrom: number): unknown {
  const scan = scanJson(text, exactFrom, true)
  if (scan.tooMany) throw fail('broken_json', { reason: scan.tooMany })
  if (scan.depth > MAX_DEPTH) throw fail('broken_json', { reason: `nested deeper than ${MAX_DEPTH} levels` })
  const plain = parse(text)
  if (scan.tooLarge) throw fail('broken_json', { reason: `the number ${scan.tooLarge} is out of range` })
  const value = scan.longNumbers.length > 0 ? parseExactly(text, scan.longNumbers) : plain
  return scan.suspectText ? cleanJson(value) : value
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw fail('broken_json', { reason: 'it is not UTF-8' })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw fail('broken_json', { reason: shorten(error) })
  }
}

/** V8's messages quote the text around the culprit and end in "is not valid JSON"; ours says that already. */
function shorten(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  return message.replace(/, (?:\.\.\.)?".*is not valid JSON$/s, '').slice(0, 120)
}

/**
 * JSON.parse with a reviver that sees the source text costs 100 ms for 2 MB. Instead the few long numbers are spliced
 * in as marked strings, and a walk turns those into raw numbers. The text must have been parsed once before: it is
 * valid, so no number here stands where a key is due.
 */
function parseExactly(text: string, longNumbers: ScannedJson['longNumbers']): unknown {
  const mark = randomBytes(9).toString('base64')
  const pieces: string[] = []
  let from = 0
  for (const [start, end] of longNumbers) {
    pieces.push(text.slice(from, start), '"', mark, text.slice(start, end), '"')
    from = end
  }
  pieces.push(text.slice(from))
  return restoreNumbers(JSON.parse(pieces.join('')), mark)
}

/** Turns the strings that begin with the mark into raw numbers, in place. */
function restoreNumbers(value: unknown, mark: string): unknown {
  if (typeof value === 'string') return value.startsWith(mark) ? rawNumber(value.slice(mark.length)) : value
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = restoreNumbers(value[index], mark)
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) {
      const member = value[key]
      const restored = restoreNumbers(member, mark)
      if (restored !== member) setMember(value, key, restored)
    }
  }
  return value
}
