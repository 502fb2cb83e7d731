/** PostgreSQL and every recursive walk are safe at this depth; no honest client comes near it. */
export const MAX_DEPTH = 200
/** PostgreSQL's `numeric`, which holds jsonb's numbers, ends there. */
const MAX_INTEGER_DIGITS = 131_072
/** Decimals longer than this lose their tail: every reader takes them as doubles. */
const MAX_DECIMAL_LENGTH = 1000
/** Any number of 15 significant digits survives a double. */
const SHORTEST_LOSSY = 16

/**
 * What a body may hold of the things that are dear. Each different key costs the engine about a microsecond, and each
 * number that is kept exact too, in which no other request is served; honest clients stay far below.
 */
export const MAX_KEYS = 50_000
export const MAX_EXACT_NUMBERS = 50_000
/** So many keys need not be told apart: a table of many rows repeats a few of them. */
const FREE_KEYS = 10_000

export interface ScannedJson {
  /** Levels of nesting; a bare number has none. */
  readonly depth: number
  /** Where the numbers stand that a JavaScript number can't hold: [start, end). */
  readonly longNumbers: readonly (readonly [number, number])[]
  /** The first number that nothing can hold, cut to 40 characters. */
  readonly tooLarge: string | null
  /** What there is too much of, when it was asked for; the rest was not looked at then. */
  readonly tooMany: string | null
  /** Some text or key may hold NUL or half a surrogate pair (only escapes can say that). */
  readonly suspectText: boolean
}

/**
 * Looks over JSON text once, before it is parsed, for what JSON.parse loses or can't be trusted with. One pass of a few
 * milliseconds per megabyte. On broken JSON the findings mean nothing, but the scan ends.
 * Numbers outside `exactFrom` levels of nesting are never reported as long. `bounded`: what a stranger has sent, which is
 * not to cost more than a moment.
 */
export function scanJson(text: string, exactFrom: number, bounded = false): ScannedJson {
  const { length } = text
  const longNumbers: [number, number][] = []
  const manyKeys = new Set<string>()
  let keys = 0
  let textStart = 0
  let textEnd = 0
  let tooMany: string | null = null
  let tooLarge: string | null = null
  let suspectText = false
  let level = 0
  let depth = 0
  for (let at = 0; at < length; at++) {
    const code = charCodeAt.call(text, at)
    if (code === QUOTE) {
      textStart = at
      for (at++; at < length; at++) {
        const inner = charCodeAt.call(text, at)
        if (inner === QUOTE) break
        if (inner === BACKSLASH) {
          at++
          if (!suspectText && charCodeAt.call(text, at) === LETTER_U)
            suspectText = SUSPECT.test(text.slice(at + 1, at + 5))
        }
      }
      textEnd = at
    } else if (code === COLON) {
      keys++
      if (!bounded || keys <= FREE_KEYS) continue
      manyKeys.add(text.slice(textStart, textEnd))
      if (manyKeys.size <= MAX_KEYS - FREE_KEYS) continue
      tooMany = `more than ${MAX_KEYS} different keys`
      break
    } else if (code === BRACE_OPEN || code === BRACKET_OPEN) {
      level++
      if (level > depth) depth = level
    } else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) {
      level--
    } else if ((code >= ZERO && code <= NINE) || code === MINUS) {
      const start = at
      let exponent = false
      let integer = true
      for (at++; at < length; at++) {
        const inner = charCodeAt.call(text, at)
        if (inner >= ZERO && inner <= NINE) continue
        if (inner === LOWER_E || inner === UPPER_E) exponent = true
        else if (inner !== DOT && inner !== PLUS && inner !== MINUS) break
        integer = false
      }
      if (exponent || at - start >= SHORTEST_LOSSY) {
        const number = text.slice(start, at)
        const fit = fitNumber(number, integer, level >= exactFrom)
        if (fit === 'exact') longNumbers.push([start, at])
        else if (fit === 'none') tooLarge ??= number.slice(0, 40)
      }
      at--
      if (bounded && longNumbers.length > MAX_EXACT_NUMBERS) {
        tooMany = `more than ${MAX_EXACT_NUMBERS} numbers of ${SHORTEST_LOSSY} digits and more`
        break
      }
    }
  }
  return { depth, longNumbers, tooLarge, tooMany, suspectText }
}

/**
 * V8 keeps texts in many forms. After it has met a few of them here, `text.charCodeAt` and `text.length` would be looked up
 * anew for each character (measured: 10 µs for 1 kB instead of 2).
 */
const { charCodeAt } = String.prototype

const QUOTE = 0x22
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const UPPER_E = 0x45
const BRACKET_OPEN = 0x5b
const BACKSLASH = 0x5c
const BRACKET_CLOSE = 0x5d
const LOWER_E = 0x65
const LETTER_U = 0x75
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const SUSPECT = /^(?:0000|[dD][89a-fA-F])/

/**
 * What holds a number: a double as well as any reader needs it, its own text only, or nothing.
 * An exponent beyond the doubles is refused though `numeric` could hold it: Python reads it as infinity, and a few
 * bytes like 1e100000 would be printed as 100 kB in each answer.
 */
function fitNumber(text: string, integer: boolean, mayBeExact: boolean): 'double' | 'exact' | 'none' {
  if (integer && text.length > MAX_INTEGER_DIGITS) return 'none'
  const double = Number(text)
  if (!Number.isFinite(double)) return integer && mayBeExact ? 'exact' : 'none'
  if (!mayBeExact || double === 0 || text.length < SHORTEST_LOSSY) return 'double'
  if (!integer && text.length > MAX_DECIMAL_LENGTH) return 'double'
  return String(double) === text ? 'double' : 'exact'
}
