import { mayBeJson, sniffJson } from './content-type-json.ts'
import { sniffSignature } from './content-type-signatures.ts'
import { isCsv, isCsvDecided, sniffText } from './content-type-text.ts'

/** How much of the content decides whether it is text. */
const TEXT_WINDOW = 65_536
/** No text-only rule looks further than this. */
const HEAD = 8192

const OCTETS = 'application/octet-stream'

/**
 * Says what an artifact's bytes are, by the table of contract/imports.md 4.4 (never by its name or what the client
 * said). Everything that no rule knows is text/plain or application/octet-stream. Only JSON and CSV look beyond the
 * first 64 kB, in one pass without building anything.
 */
export function sniffContentType(content: Buffer): string {
  if (content.length === 0) return 'application/x-empty'
  if (content.length === 1) return OCTETS
  const wide = decodeWide(content)
  if (wide !== null) return sniffText(wide) ?? (hasControls(Buffer.from(wide)) ? OCTETS : 'text/plain')
  const binary = hasControls(content)
  // The order matters: a JSON document may hold HTML, a CSV line may begin like Python.
  if (!binary) {
    const kind = sniffJson(content) ?? (isCsv(content) ? 'text/csv' : null)
    if (kind) return kind
  }
  const signature = sniffSignature(content)
  if (signature) return signature
  if (binary) return OCTETS
  return sniffText(skipMark(content.toString('latin1', 0, HEAD))) ?? 'text/plain'
}

/** The same by the first 64 kB or more of a longer content; null when only the whole tells. */
export function sniffHead(head: Buffer): string | null {
  const isPlain = decodeWide(head) === null && !hasControls(head)
  return isPlain && (mayBeJson(head) || !isCsvDecided(head)) ? null : sniffContentType(head)
}

/** The head of UTF-16 text with a byte order mark, decoded; null for all else. */
function decodeWide(content: Buffer): string | null {
  const mark = content.readUInt16BE(0)
  if (mark !== 0xfffe && mark !== 0xfeff) return null
  const head = content.subarray(2, 2 + 2 * HEAD)
  const even = Buffer.from(head.subarray(0, head.length - (head.length % 2)))
  return (mark === 0xfeff ? even.swap16() : even).toString('utf16le')
}

/** Bytes that no text holds, in any encoding: 00–06, 0e–1a, 1c–1f, 7f. */
function hasControls(content: Buffer): boolean {
  const end = Math.min(content.length, TEXT_WINDOW)
  for (let at = 0; at < end; at++) {
    const byte = content[at] ?? 0
    if (byte < 0x20 ? byte < 7 || (byte > 0x0d && byte !== 0x1b) : byte === 0x7f) return true
  }
  return false
}

function skipMark(head: string): string {
  return head.startsWith('\u00ef\u00bb\u00bf') ? head.slice(3) : head
}
