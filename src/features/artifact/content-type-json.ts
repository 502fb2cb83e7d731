/** Deeper documents count as text, as they do for the reference; it also bounds the stack of open brackets. */
const MAX_DEPTH = 250

/**
 * `application/json` for one complete object or list, `application/x-ndjson` for several, null for anything else.
 * It is a recogniser, not a parser: one pass over the bytes, no allocation, so that 5 MB don't hold up the process.
 * As lenient as the reference: a trailing comma, raw control characters in strings and odd numbers (01, 1.) pass.
 */
export function sniffJson(content: Buffer): string | null {
  let at = skipBlanks(content, 0)
  let documents = 0
  const closers = new Uint8Array(MAX_DEPTH)
  while (at < content.length) {
    at = skipDocument(content, at, closers)
    if (at < 0) return null
    documents++
    at = skipBlanks(content, at)
  }
  if (documents === 0) return null
  return documents === 1 ? 'application/json' : 'application/x-ndjson'
}

/** Whether it begins like an object or list, or with blanks alone. */
export function mayBeJson(content: Buffer): boolean {
  const first = content[skipBlanks(content, 0)]
  return first === undefined || first === BRACE_OPEN || first === BRACKET_OPEN
}

const FAILED = -1
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BRACKET_OPEN = 0x5b
const BACKSLASH = 0x5c
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d

/**
 * Where the object or list at `start` ends, or -1. `afterMember` says what may come next inside the innermost bracket:
 * a comma or the bracket's end; otherwise a member or the bracket's end (a comma may trail). `closers` is room for the
 * stack of open brackets, made once: content may be millions of documents.
 */
function skipDocument(content: Buffer, start: number, closers: Uint8Array): number {
  let depth = 0
  let afterMember = false
  let at = start
  if (content[at] !== BRACE_OPEN && content[at] !== BRACKET_OPEN) return FAILED
  while (at < content.length) {
    const byte = content[at]
    if (byte === BRACE_OPEN || byte === BRACKET_OPEN) {
      if (afterMember || depth === MAX_DEPTH) return FAILED
      // In ASCII both closing brackets stand two places after the opening ones.
      closers[depth++] = byte + 2
      at = skipBlanks(content, at + 1)
    } else if (depth > 0 && byte === closers[depth - 1]) {
      depth--
      if (depth === 0) return at + 1
      afterMember = true
      at = skipBlanks(content, at + 1)
      continue
    } else if (byte === COMMA) {
      if (!afterMember) return FAILED
      afterMember = false
      at = skipBlanks(content, at + 1)
    } else {
      if (afterMember) return FAILED
      at = skipScalar(content, at)
      if (at < 0) return FAILED
      afterMember = true
      at = skipBlanks(content, at)
      continue
    }
    if (closers[depth - 1] === BRACE_CLOSE && content[at] !== BRACE_CLOSE) {
      at = skipKey(content, at)
      if (at < 0) return FAILED
    }
  }
  return FAILED
}

/** Past `"key" :` and the blanks after it. */
function skipKey(content: Buffer, start: number): number {
  if (content[start] !== QUOTE) return FAILED
  const end = skipString(content, start)
  if (end < 0) return FAILED
  const colon = skipBlanks(content, end)
  if (content[colon] !== COLON) return FAILED
  const value = skipBlanks(content, colon + 1)
  // A key must have a value: the bracket's end would pass here as after a trailing comma.
  return content[value] === BRACE_CLOSE ? FAILED : value
}

function skipScalar(content: Buffer, start: number): number {
  switch (content[start]) {
    case QUOTE:
      return skipString(content, start)
    case 0x74:
      return skipWord(content, start, 'true')
    case 0x66:
      return skipWord(content, start, 'false')
    case 0x6e:
      return skipWord(content, start, 'null')
    default:
      return skipNumber(content, start)
  }
}

function skipString(content: Buffer, start: number): number {
  for (let at = start + 1; at < content.length; at++) {
    const byte = content[at]
    if (byte === QUOTE) return at + 1
    if (byte !== BACKSLASH) continue
    at++
    const escaped = content[at] ?? 0
    if (escaped === 0x75) {
      for (const end = at + 4; at < end; at++) if (!isHexDigit(content[at + 1] ?? 0)) return FAILED
    } else if (!ESCAPES.has(escaped)) return FAILED
  }
  return FAILED
}

const ESCAPES = new Set(Buffer.from('"\\/bfnrt'))

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
}

function skipWord(content: Buffer, start: number, word: string): number {
  for (let index = 1; index < word.length; index++) {
    if (content[start + index] !== word.charCodeAt(index)) return FAILED
  }
  return start + word.length
}

/** A sign, digits with a dot, an exponent; at least one digit. */
function skipNumber(content: Buffer, start: number): number {
  let at = content[start] === 0x2d ? start + 1 : start
  const mantissa = at
  at = skipDigits(content, at)
  let digits = at - mantissa
  if (content[at] === 0x2e) {
    const fraction = at + 1
    at = skipDigits(content, fraction)
    digits += at - fraction
  }
  if (digits === 0) return FAILED
  if (content[at] === 0x65 || content[at] === 0x45) {
    at++
    if (content[at] === 0x2b || content[at] === 0x2d) at++
    const exponent = at
    at = skipDigits(content, at)
    if (at === exponent) return FAILED
  }
  return at
}

function skipDigits(content: Buffer, start: number): number {
  let at = start
  for (let byte = content[at]; byte !== undefined && byte >= 0x30 && byte <= 0x39; byte = content[at]) at++
  return at
}

function skipBlanks(content: Buffer, start: number): number {
  let at = start
  for (let byte = content[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = content[at])
    at++
  return at
}
