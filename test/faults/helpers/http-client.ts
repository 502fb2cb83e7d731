import { randomUUID } from 'node:crypto'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface HttpAnswer {
  readonly status: number
  readonly body: Buffer
  readonly headers: IncomingHttpHeaders
  json<T>(): T
}

/** No answer came. `refused`: nothing was sent either. */
export class Unanswered extends Error {
  readonly refused: boolean
  readonly code: string
  constructor(error: NodeJS.ErrnoException) {
    super(error.message)
    this.code = error.code ?? error.message
    this.refused = this.code === 'ECONNREFUSED'
  }
}

export interface HttpBody {
  readonly type: string
  readonly bytes: Buffer
}

/** One connection that is kept, as a client with one thread has it. Nothing is sent twice. */
export interface HttpClient {
  send(method: string, path: string, options?: { body?: HttpBody; token?: string }): Promise<HttpAnswer>
  close(): void
}

/** Real clients wait for ever; a test does not. */
const PATIENCE_MS = 90_000

export function createHttpClient(url: string): HttpClient {
  // Node would give a connection up after some seconds on which no probe is answered; the real clients send none.
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: 2 * PATIENCE_MS, maxSockets: 1 })
  return {
    send: (method, path, { body, token } = {}) =>
      new Promise((resolve, reject) => {
        const headers = {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body ? { 'content-type': body.type, 'content-length': body.bytes.length } : {}),
        }
        const sent = request(`${url}${path}`, { method, agent, headers }, (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', fail)
          answer.on('end', () => {
            clearTimeout(timer)
            const bytes = Buffer.concat(chunks)
            resolve({
              status: answer.statusCode ?? 0,
              body: bytes,
              headers: answer.headers,
              json: () => JSON.parse(bytes.toString()),
            })
          })
        })
        const fail = (error: NodeJS.ErrnoException) => {
          clearTimeout(timer)
          reject(new Unanswered(error))
        }
        const tooLate = Object.assign(new Error('no answer in time'), { code: 'HUNG' })
        const timer = setTimeout(() => sent.destroy(tooLate), PATIENCE_MS)
        sent.on('error', fail)
        sent.end(body?.bytes)
      }),
    close: () => agent.destroy(),
  }
}

export const jsonBody = (value: unknown): HttpBody => ({
  type: 'application/json',
  bytes: Buffer.from(JSON.stringify(value)),
})

/** A multipart form, its parts in this order; a file comes last, under the field and file name that are given. */
export function formBody(
  fields: Readonly<Record<string, string>>,
  file: { readonly field: string; readonly name: string; readonly bytes: Buffer },
): HttpBody {
  const boundary = randomUUID()
  const head = (rest: string) => `--${boundary}\r\ncontent-disposition: form-data; ${rest}\r\n`
  const texts = Object.entries(fields).map(([name, value]) => `${head(`name="${name}"`)}\r\n${value}\r\n`)
  const bytes = Buffer.concat([
    Buffer.from(texts.join('')),
    Buffer.from(head(`name="${file.field}"; filename="${file.name}"`)),
    Buffer.from('content-type: application/octet-stream\r\n\r\n'),
    file.bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  return { type: `multipart/form-data; boundary=${boundary}`, bytes }
}
