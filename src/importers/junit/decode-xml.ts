import { TextDecoder } from 'node:util'
import { ImportRefused } from '../import-refused.ts'

/** Bytes decoded and parsed at a time: the event loop is free in between. */
const SLICE_BYTES = 64 * 1024
/** The declaration stands within so many bytes. */
const HEAD_BYTES = 1024

/**
 * The text of an XML file in slices. Its encoding is that of its byte order mark, else what its first characters look
 * like (UTF-16), else what its declaration names, else UTF-8.
 *
 * @throws ImportRefused for an encoding that nobody knows, and for bytes that are none in it.
 */
export async function* decodeXml(content: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  for await (const chunk of content) {
    decoder ??= createDecoder(chunk.subarray(0, HEAD_BYTES))
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      yield decode(decoder, chunk.subarray(at, at + SLICE_BYTES))
    }
  }
  if (!decoder) throw new ImportRefused('The file is empty.')
  yield decode(decoder)
}

function decode(decoder: TextDecoder, bytes?: Buffer): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch {
    throw new ImportRefused(`The file holds bytes that are no ${decoder.encoding} text.`)
  }
}

function createDecoder(head: Buffer): TextDecoder {
  const encoding = sniffEncoding(head)
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch {
    throw new ImportRefused(`The file's encoding ${encoding.slice(0, 50)} is not known.`)
  }
}

/** The name of the encoding of a document that begins with these bytes. */
export function sniffEncoding(head: Buffer): string {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head[0] === 0x3c && head[1] === 0) return 'utf-16le'
  if (head[0] === 0 && head[1] === 0x3c) return 'utf-16be'
  const declared = /^<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(head.toString('latin1'))?.[1]
  // Programs that print a document from memory leave the declaration of their texts: these bytes are no UTF-16.
  return declared === undefined || /^(utf-?16|ucs-?2|unicode)/i.test(declared) ? 'utf-8' : declared
}
