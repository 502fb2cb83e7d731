import { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { ImportRefused } from '../import-refused.ts'

export interface ExpandLimits {
  readonly expandedBytes: number
  /** Of the expanded size to that of the file, past the first 64 MB. */
  readonly ratio: number
}

const CHUNK_BYTES = 64 * 1024
/** A small file may grow by any factor: it stays small enough. */
const RATIO_COUNTS_FROM = 64_000_000

type Compression = 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'zip' | 'none'

const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
]

/** How a file is compressed, by its first bytes; its name says nothing. */
export function compressionOf(head: Buffer): Compression {
  return MAGIC.find(([, magic]) => magic.every((byte, n) => head[n] === byte))?.[0] ?? 'none'
}

/**
 * The bytes of a tar file that may be compressed with gzip or zstd, in pieces of some 64 kB (D47).
 *
 * @throws ImportRefused for other compressions, broken ones, and what grows over a limit; errors of `content` as they are.
 */
export async function* expand(
  content: AsyncIterable<Buffer>,
  size: number,
  limits: ExpandLimits,
): AsyncGenerator<Buffer> {
  const source = content[Symbol.asyncIterator]()
  const first = await source.next()
  if (first.done) throw new ImportRefused('The file is empty.')
  const compression = compressionOf(first.value)
  const whole = rest(first.value, source)
  let expanded = 0
  for await (const piece of compression === 'none' ? cut(whole) : decompress(compression, whole)) {
    expanded += piece.length
    if (expanded > limits.expandedBytes) {
      throw new ImportRefused(
        `The archive is larger than the limit of ${limits.expandedBytes} bytes when it is unpacked.`,
      )
    }
    if (expanded > RATIO_COUNTS_FROM && expanded > size * limits.ratio) {
      throw new ImportRefused(`The archive grows to more than the limit of ${limits.ratio} times its size.`)
    }
    yield piece
  }
}

async function* rest(first: Buffer, source: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
}

async function* cut(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES) yield chunk.subarray(at, at + CHUNK_BYTES)
  }
}

async function* decompress(compression: Compression, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (compression !== 'gzip' && compression !== 'zstd') {
    throw new ImportRefused(`The archive is compressed with ${compression}; gzip, zstd and plain tar can be read.`)
  }
  const source = Readable.from(content, { objectMode: false })
  const stream =
    compression === 'gzip' ? createGunzip({ chunkSize: CHUNK_BYTES }) : createZstdDecompress({ chunkSize: CHUNK_BYTES })
  let sourceError: unknown
  source.on('error', (error) => {
    sourceError = error
    stream.destroy(error)
  })
  source.pipe(stream)
  try {
    for await (const piece of stream) yield piece as Buffer
  } catch (error) {
    if (sourceError || !isCompressionError(error)) throw error
    throw new ImportRefused(`The ${compression} data of the archive is broken: ${(error as Error).message}.`)
  } finally {
    source.destroy()
    stream.destroy()
  }
}

function isCompressionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_ZSTD)/.test(String(error.code))
}
