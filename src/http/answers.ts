import type { OperationId, OperationSpec } from '../../generated/operations.ts'
import { ApiError, errors, fail } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/** What a handler returns: JSON (serialised by the generated code), another type with its bytes, or headers alone. */
export interface AnyReply {
  readonly status: number
  readonly type?: string
  readonly body?: unknown
  /** A JSON text, or the bytes of a type, sent as they are made instead of a body. */
  readonly pieces?: AsyncIterable<string | Buffer>
  /** How many bytes the pieces have, where that is known. */
  readonly length?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that the spec does not allow; it is sent as a 500 that names the operation, so that nothing hides it. */
export class AnswerViolation extends Error {
  override name = 'AnswerViolation'
}

export const JSON_TYPE = 'application/json'

/** Sends a body of a known type. The length is always known, so that keep-alive connections stay usable. */
export function sendBody(
  exchange: Exchange,
  status: number,
  type: string | null,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { res } = exchange
  if (res.headersSent || res.destroyed) return
  res.statusCode = status
  for (const name in headers) res.setHeader(name, headers[name] as string)
  if (type) res.setHeader('content-type', type)
  if (typeof body !== 'string') {
    res.setHeader('content-length', body.length)
    res.end(body)
    return
  }
  const bytes = Buffer.byteLength(body)
  res.setHeader('content-length', bytes)
  // A text of ASCII alone is the same in both, and Node copies latin1 as it is.
  res.end(body, bytes === body.length ? 'latin1' : 'utf8')
}

/** Looks at an answer before it is sent (development and tests); throws what is wrong with it. */
export type AnswerCheck = (id: OperationId, status: number, type: string | null, body: string | Buffer) => void

type Rendered = [status: number, type: string | null, body: string | Buffer, headers?: Readonly<Record<string, string>>]

/** Sends a handler's reply. `serialize` is the generated function of the operation's status, where it answers JSON. */
export function sendReply(
  exchange: Exchange,
  reply: AnyReply,
  serialize: ((body: never) => string) | undefined,
  check: AnswerCheck | null,
): void {
  const rendered: Rendered =
    reply.type !== undefined
      ? [reply.status, reply.type, reply.body as string | Buffer, reply.headers]
      : reply.body === undefined || !serialize
        ? [reply.status, null, '', reply.headers]
        : [reply.status, JSON_TYPE, serialize(reply.body as never), reply.headers]
  if (exchange.operation) check?.(exchange.operation, rendered[0], rendered[1], rendered[2])
  sendBody(exchange, ...rendered)
}

/**
 * Sends an error in the shape that the contract gives it (access.md 7). A text is a JSON string, but bare where the
 * operation's answers are plain text (artifact view and download) or HTML (admin/run-task).
 */
export function sendError(
  exchange: Exchange,
  error: ApiError,
  spec: OperationSpec | null,
  check: AnswerCheck | null,
): void {
  const [status, type, body] = renderError(error, spec)
  // A failure of our own is in no operation's spec.
  if (exchange.operation && status < 500) check?.(exchange.operation, status, type, body)
  sendBody(exchange, status, type, body, error.headers)
}

function renderError(error: ApiError, spec: OperationSpec | null): Rendered {
  const { status, shape, loginCode } = error.row
  if (shape === 'login') return [status, JSON_TYPE, JSON.stringify({ code: loginCode, message: error.message })]
  if (shape === 'problem') return [status, 'application/problem+json', problemBody(status, error.message)]
  const bare = spec?.responses[status]?.find((type) => type === 'text/plain' || type === 'text/html')
  if (bare) return [status, `${bare}; charset=utf-8`, error.message]
  return [status, JSON_TYPE, JSON.stringify(error.message)]
}

function problemBody(status: number, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: titles[status] ?? 'Error', detail, status })
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/**
 * Turns whatever was thrown into an error that the client may see. Values that PostgreSQL refuses (classes 22 and 54)
 * are the caller's (R1); everything else that we did not expect is `internal`.
 */
export function toApiError(error: unknown, requestId: string): ApiError {
  if (error instanceof ApiError) return error
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === '57014') return fail('statement_timeout', { filter: 'it read too many rows' })
  if (code === '23503')
    return fail('invalid_value', { detail: 'It refers to something that does not exist (any more)' })
  if (/^(22|54)\w{3}$/.test(code)) {
    return fail('invalid_value', { detail: refusals[code] ?? 'A value cannot be stored' })
  }
  if (error instanceof AnswerViolation) return fail('spec_violation', { detail: error.message })
  return fail('internal', { requestId })
}

/** What PostgreSQL refuses, in our words: its own name tables and indexes. */
const refusals: Readonly<Record<string, string>> = {
  '22001': 'A text is too long',
  '22003': 'A number is out of range',
  '22007': 'A date or time cannot be read',
  '22008': 'A date or time is out of range',
  '22021': 'A text holds characters that cannot be stored',
  '22P02': 'A value does not fit its type',
  '22P05': 'A text holds characters that cannot be stored',
  '54000': 'A text is too long',
  '54001': 'A value is nested too deeply',
}

/** Whether an error is one that a person must look at. */
export function isUnexpected(error: ApiError): boolean {
  return errors[error.code].status >= 500
}
