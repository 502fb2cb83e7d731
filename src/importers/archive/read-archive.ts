import { Readable } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import { ImportRefused } from '../import-refused.ts'

export interface ArchiveEntry {
  readonly header: Header
  readonly content: AsyncIterable<Buffer>
}

/**
 * The entries of a tar file, one after the other; each must be read (or skipped by `skip`) before the next comes. GNU long
 * names and pax headers are applied.
 *
 * @throws ImportRefused when it is no tar file; errors of `content` and of the reader as they are.
 */
export async function readArchive(
  content: AsyncIterable<Buffer>,
  onEntry: (entry: ArchiveEntry) => Promise<void>,
): Promise<void> {
  const tar = extract({ allowUnknownFormat: true } as Parameters<typeof extract>[0])
  const source = Readable.from(content, { objectMode: false })
  let sourceError: unknown
  let tarError: unknown
  source.on('error', (error) => {
    sourceError = error
    tar.destroy(error)
  })
  tar.on('error', (error) => {
    tarError = error
  })
  source.pipe(tar)
  try {
    for await (const entry of tar) {
      await onEntry({ header: entry.header, content: entry as AsyncIterable<Buffer> })
      entry.resume()
    }
  } catch (error) {
    if (sourceError) throw sourceError
    if (error !== tarError) throw error
    throw new ImportRefused(`This is no tar archive that can be read: ${(error as Error).message}.`)
  } finally {
    source.destroy()
    tar.destroy()
  }
}

/** The bytes of an entry at once. */
export async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}
