import type { Queryable } from '../../db/queryable.ts'

/** Bytes of one piece of a stored file. */
export const CHUNK_BYTES = 1024 * 1024

/** Bytes fetched at a time: a bytea travels as hexadecimal text, and whole pieces would be megabytes of garbage. */
const READ_BYTES = 64 * 1024
const READS_PER_CHUNK = CHUNK_BYTES / READ_BYTES

/** Pieces that no import refers to belong to an upload that broke off; a slow one may still be going on this long. */
const ABANDONED_AFTER = '1 day'

/**
 * Stores a file in pieces as it comes in; gives its size. Each piece is a statement of its own, so that a slow upload
 * holds no connection, and a lost connection costs one repeated piece: the same piece again changes nothing.
 */
export async function storeChunks(db: Queryable, importId: string, content: AsyncIterable<Buffer>): Promise<number> {
  let seq = 0
  let size = 0
  for await (const chunk of inPieces(content, CHUNK_BYTES)) {
    await db.query({
      name: 'insert-import-chunk',
      text: `insert into import_chunks (import_id, seq, content) values ($1, $2, $3) on conflict (import_id, seq) do nothing`,
      values: [importId, seq, chunk],
    })
    seq++
    size += chunk.length
  }
  return size
}

/**
 * Joins and cuts a stream into pieces of `size` bytes; the last one may be shorter. Each piece is good until the next one is
 * asked for: they all stand in one buffer, since megabytes of garbage for each upload would add up.
 */
export async function* inPieces(content: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer | undefined
  let length = 0
  for await (const chunk of content) {
    held ??= Buffer.allocUnsafe(size)
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(held, length, at)
      at += copied
      length += copied
      if (length < size) continue
      yield held
      length = 0
    }
  }
  if (held && length > 0) yield held.subarray(0, length)
}

/**
 * The stored file of an import in pieces of at most 64 kB: our chunks, or for an import that Ibutsu left pending the one row of
 * `import_files`. Gives nothing when there is no file (an empty one has no pieces either).
 */
export async function* readChunks(db: Queryable, importId: string): AsyncGenerator<Buffer> {
  let next = readPiece(db, importId, 0)
  for (let piece = 1; ; piece++) {
    const content = await next
    if (!content) break
    // Fetched while the caller works on this one. An error is met when it is awaited.
    next = readPiece(db, importId, piece)
    next.catch(() => undefined)
    yield content
  }
}

async function readPiece(db: Queryable, importId: string, piece: number): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ content: Buffer | null }>({
    name: 'read-import-chunk',
    text: `select substring(content from $3 for ${READ_BYTES}) as content from import_chunks
      where import_id = $1 and seq = $2
      union all
      select substring(content from $4 for ${READ_BYTES}) from import_files
      where import_id = $1 and not exists (select from import_chunks where import_id = $1 and seq = 0)
      limit 1`,
    values: [
      importId,
      Math.floor(piece / READS_PER_CHUNK),
      (piece % READS_PER_CHUNK) * READ_BYTES + 1,
      piece * READ_BYTES + 1,
    ],
  })
  const content = rows[0]?.content
  return content && content.length > 0 ? content : undefined
}

/** The size of the stored file in bytes; null when there is none. */
export async function storedSize(db: Queryable, importId: string): Promise<number | null> {
  const { rows } = await db.query<{ size: number | null }>({
    text: `select coalesce((select sum(length(content)) from import_chunks where import_id = $1),
        (select length(content) from import_files where import_id = $1 limit 1))::float8 as size`,
    values: [importId],
  })
  return rows[0]?.size ?? null
}

/** Frees the content of an import: its pieces, and the column of Ibutsu's row (jobs.md 6). */
export async function deleteChunks(db: Queryable, importId: string): Promise<void> {
  await db.query({ text: 'delete from import_chunks where import_id = $1', values: [importId] })
  await db.query({
    text: 'update import_files set content = null where import_id = $1 and content is not null',
    values: [importId],
  })
}

/** Deletes the pieces of an upload that was refused; not those of an import, should it have come to be after all. */
export async function dropUpload(db: Queryable, importId: string): Promise<void> {
  await db.query({
    text: 'delete from import_chunks where import_id = $1 and not exists (select from imports where id = $1)',
    values: [importId],
  })
}

/** Deletes some of what uploads that broke off, or imports that were pruned, left behind; gives how many pieces. */
export async function deleteAbandonedChunks(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    text: `delete from import_chunks where ctid = any (array(
      select c.ctid from import_chunks c
      where c.created < (now() at time zone 'utc') - interval '${ABANDONED_AFTER}'
        and not exists (select from imports i where i.id = c.import_id)
      limit $1 for update skip locked))`,
    values: [limit],
  })
  return rowCount ?? 0
}
