/** What only PostgreSQL, node-pg or our stack says. An answer that holds one of these tells an attacker how we are built. */
const INTERNALS = [
  /syntax error (?:at|in)/i,
  /invalid input syntax/i,
  /invalid byte sequence/i,
  /unsupported Unicode escape/i,
  /(?:relation|column|constraint|operator|function|type) "[^"]*"/i,
  /(?:violates|duplicate key)/i,
  /operator does not exist/i,
  /(?:value|field) (?:too long|overflow|out of range) (?:for|in)/i,
  /out of range for type/i,
  /index row|btree|buffer page|tsvector/i,
  /canceling statement/i,
  /invalid regular expression:/i,
  /cannot (?:cast|be cast|accept)/i,
  /stack depth/i,
  /total size of json/i,
  /bind message|prepared statement|could not determine data type/i,
  /SQLSTATE|PostgreSQL/i,
  /node_modules|\.ts:\d+|\n\s+at \S+ \(/,
]

/** The first piece of text in an answer that tells of our inside; what the caller sent itself does not count. */
export function findLeak(answer: string, sent: readonly string[] = []): string | null {
  let text = answer
  for (const own of sent) {
    if (own.length > 3) text = text.replaceAll(own, '').replaceAll(JSON.stringify(own).slice(1, -1), '')
  }
  for (const pattern of INTERNALS) {
    const match = pattern.exec(text)
    if (match) return text.slice(Math.max(0, match.index - 40), match.index + 120)
  }
  return null
}
