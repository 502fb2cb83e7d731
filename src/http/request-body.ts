import type { BodySpec } from '../../generated/operations.ts'
import type { Validate } from '../../generated/validators.js'
import type { AppContext } from '../context.ts'
import { ApiError, fail } from '../errors.ts'
import { isRecord, type JsonRecord } from '../json/json-record.ts'
import { parseJsonBody, parseJsonText } from '../json/parse-json.ts'
import { FORM_LIMITS, readForm } from '../multipart/read-form.ts'
import type { Exchange } from './exchange.ts'

/** Who has no token yet sends an address, a password or a task's parameters: reading more than this is work for nobody. */
const MAX_OPEN_BYTES = 100_000

/**
 * Reads and checks the body of an operation (access.md 7): content type, size, JSON or multipart, schema, in this order.
 * A body that the spec calls a stream (`x-stream`) is the request itself, unread; its handler reads and checks it.
 *
 * @throws ApiError 400, 413 or 415.
 */
export async function readRequestBody(
  ctx: AppContext,
  exchange: Exchange,
  { body: spec, secured }: { readonly body: BodySpec; readonly secured: boolean },
  validate: Validate | null,
): Promise<unknown> {
  const limit = secured ? ctx.config.maxJsonBytes : Math.min(ctx.config.maxJsonBytes, MAX_OPEN_BYTES)
  if (spec.stream) {
    requireType(exchange.headers['content-type'] ?? '', 'multipart/form-data')
    return exchange.req
  }
  if (spec.anyType) return readAnyType(exchange, limit)
  const body = spec.kind === 'json' ? await readJson(exchange, limit) : await readMultipart(exchange, spec)
  if (validate && !validate(body)) throw fail('invalid_body', { detail: schemaError('body', validate) })
  return body
}

/** Smaller bodies are read at once: a thousand of them are 100 MB. */
const SMALL_BYTES = 100_000

/** How much of a body is kept at most while it is worked on; 0 for one that is small or a stream. */
export function keptBytes(ctx: AppContext, { headers }: Exchange, spec: BodySpec): number {
  if (spec.stream) return 0
  const sent = headers['content-length']
  const length = sent === undefined ? Number.POSITIVE_INFINITY : Number(sent)
  if (length <= SMALL_BYTES) return 0
  if (spec.kind === 'json') return Math.min(length, ctx.config.maxJsonBytes)
  const files = spec.files.reduce((sum, { maxBytes }) => sum + (maxBytes ?? 0), 0)
  return Math.min(length, files + spec.fields.length * FORM_LIMITS.fieldBytes)
}

/** What a schema objects to, in words that name the place: "body/duration must be number". */
export function schemaError(what: string, validate: Validate): string {
  const error = validate.errors?.[0]
  if (!error) return `${what} does not fit its schema`
  const allowed = error.keyword === 'enum' ? `: ${JSON.stringify(error.params.allowedValues)}` : ''
  return `${what}${error.instancePath} ${error.message}${allowed}`
}

async function readJson(exchange: Exchange, limit: number): Promise<unknown> {
  const type = exchange.headers['content-type']
  if (type !== undefined) requireType(type, 'application/json')
  const bytes = await readBytes(exchange, limit)
  if (bytes.length === 0) throw fail('empty_body')
  if (type === undefined) throw fail('json_required')
  return parseJsonBody(bytes)
}

/** JSON whatever the content type says (jobs.md 11). Its one schema is "an object with something in it". */
async function readAnyType(exchange: Exchange, limit: number): Promise<JsonRecord> {
  const bytes = await readBytes(exchange, limit)
  try {
    const body: unknown = parseJsonBody(bytes)
    if (isRecord(body) && Object.keys(body).length > 0) return body
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
  throw fail('bad_request')
}

async function readMultipart(exchange: Exchange, spec: BodySpec): Promise<unknown> {
  requireType(exchange.headers['content-type'] ?? '', 'multipart/form-data')
  const files = spec.files.map(({ name, maxBytes }) => ({ name, maxBytes: maxBytes ?? 0 }))
  const form = await readForm(exchange.req, exchange.headers, { fields: spec.fields, files })
  if (form.unnamed.size > 0) throw fail('no_file')
  const body: Record<string, unknown> = Object.assign(Object.create(null), form.fields, form.files)
  for (const { name, type } of spec.fields) {
    const value = body[name]
    if (type === 'object' && typeof value === 'string') body[name] = parseField(name, value)
  }
  for (const { name } of spec.files) {
    if (form.repeated.has(name)) throw fail('invalid_body', { detail: `body/${name} was sent more than once` })
  }
  return body
}

function parseField(name: string, text: string): unknown {
  try {
    return parseJsonText(text)
  } catch {
    throw fail('invalid_body', { detail: `body/${name} is not valid JSON` })
  }
}

function requireType(sent: string, expected: string): void {
  const type = (sent.split(';')[0] ?? '').trim().toLowerCase()
  if (type !== expected) throw fail('unsupported_media_type', { type: sent, expected: `['${expected}']` })
}

/** For the log: the client is gone. */
export function brokenOff(): ApiError {
  return fail('broken_json', { reason: 'the connection ended before the body did' })
}

/** The whole body; one that is larger than the limit is refused without being kept. */
function readBytes({ req, headers }: Exchange, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(fail('body_too_large', { limit }))
    if (Number(headers['content-length']) > limit) return tooLarge()
    const chunks: Buffer[] = []
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else tooLarge()
    })
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    const abandoned = () => {
      // Every request ends in 'close', and an error is dear.
      if (!req.readableEnded) reject(brokenOff())
    }
    req.on('error', abandoned)
    req.on('close', abandoned)
  })
}
