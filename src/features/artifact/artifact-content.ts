import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { type ContentHead, findContentHead, findContentPiece } from './artifact-sql.ts'
import { sniffContentType, sniffHead } from './content-type.ts'

/** So much is read first: all of most files, and all that the sniffer needs of most others. */
const HEAD = 64 * 1024

/**
 * So much is read at once of the rest, and held for each client, however slow it is. The driver gets it as a text of twice
 * its size; one of less than 128 KiB goes the cheap way of V8's young objects. A file of 5 MB at once would be 20 MB for a
 * moment, and hold the event loop up for 20 ms.
 */
const PIECE = 62 * 1024

/** A packed content is unpacked from its beginning for each piece, so a large one has larger pieces, not more. */
const MOST_PACKED_PIECES = 20

/**
 * Of a larger content the head alone says what it is (an archive may bring files of 256 MB): to look through it would take
 * its size in memory, and hold the event loop up.
 */
const MOST_TO_SNIFF = 8 * 1024 * 1024

/** The bytes of an artifact: all of them, or in pieces that are read as they are taken. */
export interface ArtifactContent {
  readonly type: string
  readonly length: number
  readonly body: Buffer | AsyncIterable<Buffer>
}

/**
 * Opens the bytes of an artifact. A large one whose type only the whole tells is read twice, so that it is not kept for a
 * slow client.
 *
 * @throws ApiError `not_found`
 */
export async function openContent(ctx: AppContext, id: string): Promise<ArtifactContent> {
  const found = await findContentHead(ctx.db, id, HEAD)
  if (!found) throw fail('not_found')
  const { size, head } = found
  if (size <= head.length) return { type: sniffContentType(head), length: size, body: head }
  const type = sniffHead(head) ?? sniffContentType(size > MOST_TO_SNIFF ? head : await readAll(ctx, id, found))
  return { type, length: size, body: readPieces(ctx, id, found) }
}

async function readAll(ctx: AppContext, id: string, found: ContentHead): Promise<Buffer> {
  const whole = Buffer.allocUnsafe(found.size)
  let at = 0
  for await (const piece of readPieces(ctx, id, found)) at += piece.copy(whole, at)
  return whole
}

/** @throws ApiError `not_found` when it is deleted meanwhile; contents never change. */
async function* readPieces(ctx: AppContext, id: string, { size, head, packed }: ContentHead): AsyncGenerator<Buffer> {
  yield head
  const length = packed ? Math.max(PIECE, Math.ceil(size / MOST_PACKED_PIECES)) : PIECE
  for (let offset = head.length; offset < size; ) {
    const piece = await findContentPiece(ctx.db, id, { offset, length })
    if (!piece || piece.length === 0) throw fail('not_found')
    yield piece
    offset += piece.length
  }
}
