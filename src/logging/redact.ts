const CENSORED = '[redacted]'
const SECRET_KEY = /authorization|passw(?:or)?d|token|secret|cookie/i
const SECRET_KEY_IN_LINE = /"[^"\\]*(?:authorization|passw(?:or)?d|token|secret|cookie)[^"\\]*":/i

/**
 * Takes secrets out of one JSON line of a log: what stands under a key that sounds like one, and what looks like one in
 * any text (passwords in URLs and key=value pairs, bearer tokens, JWTs). Numbers, switches and null stay.
 */
export function redactLine(line: string): string {
  const text = redactText(line)
  if (!SECRET_KEY_IN_LINE.test(text)) return text
  const censored = JSON.parse(text, (key, value: unknown) => {
    const isSecret = key !== '' && SECRET_KEY.test(key) && (typeof value === 'string' || typeof value === 'object')
    return isSecret && value !== null ? CENSORED : value
  })
  return `${JSON.stringify(censored)}\n`
}

function redactText(text: string): string {
  return text
    .replace(/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@"\\]*):[^\s/@"\\]+@/gi, `$1:${CENSORED}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${CENSORED}`)
    .replace(/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, CENSORED)
    .replace(/\b(password|token|secret)=[^\s&"'\\]+/gi, `$1=${CENSORED}`)
}
