import { randomBytes } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ConfigError } from '../settings/config-error.ts'
import { exitCodes } from '../supervisor/exit-codes.ts'

const DEFAULT_URL = 'http://127.0.0.1:8080'
const POLL_MS = 500
const BAR_WIDTH = 30

interface Arguments {
  readonly files: readonly string[]
  readonly url: string
  readonly token: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly wait: boolean
}

/** The parts of an import that the command looks at. */
interface SentImport {
  readonly id: string
  readonly status: string
  readonly metadata: {
    readonly run_id?: readonly string[]
    readonly error?: string
    readonly progress?: { readonly done: number; readonly of: number | null }
  }
}

/** Where the command writes: results on `out`, the bar on `bar` (rewritten in place only at a terminal). */
export interface ImportOutput {
  readonly out: { write(text: string): unknown }
  readonly bar: { write(text: string): unknown; readonly isTTY?: boolean }
}

/**
 * Sends files to a server, one after the other, and waits until it has read them: `import <file…> --project <id or name>
 * [--url <server>] [--token <token>] [--source <text>] [--metadata <json>] [--no-wait]`. The token may also come from
 * IBUTSU_TOKEN, where nobody sees it. Gives 0 when all are done, 1 when one is not.
 *
 * @throws ConfigError when an argument does not fit.
 */
export async function runImportCommand(
  argv: readonly string[],
  { out, bar }: ImportOutput = { out: process.stdout, bar: process.stderr },
): Promise<number> {
  const args = readArguments(argv)
  let failed = false
  for (const file of args.files) {
    const show = createBar(bar, basename(file))
    try {
      const sent = await sendFile(args, file, show)
      const ended = args.wait ? await waitForEnd(args, sent, show) : sent
      const { error, run_id: runs } = ended.metadata
      if (ended.status === 'error') throw new Error(error ?? 'the server does not say why')
      show.clear()
      out.write(`${file}: ${runs ? `run ${runs[0]}` : `import ${ended.id}`}\n`)
    } catch (error) {
      failed = true
      show.clear()
      out.write(`${file}: failed: ${describe(error)}\n`)
    }
  }
  return failed ? exitCodes.unexpected : exitCodes.stopped
}

function readArguments(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        project: { type: 'string' },
        url: { type: 'string', default: DEFAULT_URL },
        token: { type: 'string', default: process.env.IBUTSU_TOKEN ?? '' },
        source: { type: 'string' },
        metadata: { type: 'string' },
        'no-wait': { type: 'boolean', default: false },
      },
    })
    if (positionals.length === 0) throw new Error('name at least one file')
    if (!values.project) throw new Error('--project says where the results go')
    if (!values.token) throw new Error('--token or IBUTSU_TOKEN says who sends')
    if (!URL.canParse(values.url)) throw new Error(`--url ${values.url} is no address`)
    const { project, source, metadata } = values
    const fields = Object.entries({ project, source, metadata }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    )
    const url = values.url.replace(/\/+$/, '').replace(/\/api$/, '')
    return { files: positionals, url, token: values.token, fields, wait: !values['no-wait'] }
  } catch (error) {
    throw new ConfigError(`import: ${(error as Error).message}`)
  }
}

async function sendFile(args: Arguments, file: string, show: Bar): Promise<SentImport> {
  const { size } = await stat(file)
  const boundary = randomBytes(16).toString('hex')
  const answer = await fetch(`${args.url}/api/import`, {
    method: 'POST',
    body: formOf(args, file, boundary, (sent) => show.update('sent', sent, size)),
    duplex: 'half',
    headers: {
      authorization: `Bearer ${args.token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
  } as RequestInit)
  return readAnswer(answer)
}

/** The form as it goes out; the file is read piece by piece. */
async function* formOf(
  { fields }: Arguments,
  file: string,
  boundary: string,
  onSent: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const part = (head: string) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`
  const texts = fields.map(([name, value]) => `${part(`name="${name}"`)}${value}\r\n`)
  const name = basename(file).replaceAll('"', '%22')
  yield Buffer.from(`${texts.join('')}${part(`name="importFile"; filename="${name}"`)}`)
  const handle = await open(file)
  let sent = 0
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      yield chunk as Buffer
      sent += (chunk as Buffer).length
      onSent(sent)
    }
  } finally {
    await handle.close()
  }
  yield Buffer.from(`\r\n--${boundary}--\r\n`)
}

async function waitForEnd({ url, token }: Arguments, sent: SentImport, show: Bar): Promise<SentImport> {
  let current = sent
  while (current.status !== 'done' && current.status !== 'error') {
    await sleep(POLL_MS)
    const headers = { authorization: `Bearer ${token}` }
    current = await readAnswer(await fetch(`${url}/api/import/${sent.id}`, { headers }))
    const { progress } = current.metadata
    show.update('read', progress?.done ?? 0, progress?.of ?? null)
  }
  return current
}

async function readAnswer(answer: Response): Promise<SentImport> {
  const body: unknown = await answer.json().catch(() => null)
  if (answer.ok) return body as SentImport
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : body
  throw new Error(`${answer.status} ${typeof detail === 'string' ? detail : answer.statusText}`)
}

/** fetch hides what went wrong with the connection in its cause. */
function describe(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message}: ${cause.message || String((cause as { code?: string }).code)}` : message
}

interface Bar {
  update(what: 'sent' | 'read', done: number, of: number | null): void
  clear(): void
}

/** At a terminal one line that is written again and again, elsewhere nothing. */
function createBar(stream: ImportOutput['bar'], name: string): Bar {
  let last = ''
  const write = (line: string) => {
    if (!stream.isTTY || line === last) return
    stream.write(`\r\x1b[K${line}`)
    last = line
  }
  return { update: (what, done, of) => write(barLine(name, what, done, of)), clear: () => write('') }
}

/** `name  [#####.....]  50 % sent`, or the count where the end is not known. */
export function barLine(name: string, what: 'sent' | 'read', done: number, of: number | null): string {
  if (of === null) return `${name}  ${done} results read`
  const share = of > 0 ? Math.min(done / of, 1) : 1
  const filled = Math.round(share * BAR_WIDTH)
  return `${name}  [${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]  ${Math.floor(share * 100)} % ${what}`
}
