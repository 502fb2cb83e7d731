import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { ImportRefused, runImport } from '../../src/importers/run-import.ts'
import type { TestAnswer, TestServer } from './server.ts'

export type FormField = readonly [name: string, value: string]

export interface SentImport {
  readonly file: string | Buffer
  readonly name: string
  readonly as?: string
  /** Fields before the file, and behind it. */
  readonly fields?: readonly FormField[]
  readonly after?: readonly FormField[]
}

/** Sends a file as a form, by hand, so that the order of its parts is the test's. */
export function sendImport(server: TestServer, { file, name, as = 'admin', fields = [], after = [] }: SentImport) {
  const boundary = 'b0undary'
  const part = (head: string, value: string | Buffer) => [
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(value as string),
    Buffer.from('\r\n'),
  ]
  const texts = (list: readonly FormField[]) => list.flatMap(([key, value]) => part(`name="${key}"`, value))
  const body = Buffer.concat([
    ...texts(fields),
    ...part(`name="importFile"; filename="${name}"`, file),
    ...texts(after),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return server.send('POST', '/api/import', { as, body, headers })
}

/** Sends a file and reads it at once, as the job would; gives the import as it then is. */
export async function importFile(server: TestServer, sent: SentImport): Promise<TestAnswer['body']> {
  const answer = await sendImport(server, sent)
  if (answer.status !== 201) throw new Error(`the import was refused: ${answer.status} ${answer.text}`)
  await readImport(server, answer.body.id)
  return (await server.send('GET', `/api/import/${answer.body.id}`)).body
}

export async function readImport(server: TestServer, id: string, signal = new AbortController().signal): Promise<void> {
  try {
    await runImport(server.ctx, id, { signal, progress: async () => undefined })
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
  }
}

export interface TarEntry {
  readonly name: string
  readonly content?: string | Buffer
  readonly type?: 'file' | 'directory' | 'symlink' | 'link' | 'character-device' | 'fifo'
  readonly linkname?: string
  readonly pax?: Record<string, string>
}

/** A tar file of these entries. */
export async function tar(entries: readonly TarEntry[]): Promise<Buffer> {
  const packer = pack()
  for (const { name, content = '', type = 'file', linkname, pax } of entries) {
    const header = { name, type, ...(linkname ? { linkname } : {}), ...(pax ? { pax } : {}) }
    if (type === 'file') packer.entry(header, Buffer.from(content as string))
    else packer.entry(header)
  }
  packer.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of packer) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export const tarGz = async (entries: readonly TarEntry[]) => gzipSync(await tar(entries))
