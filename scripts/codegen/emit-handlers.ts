import { block, file, HEADER, key, lines, quote } from './code.ts'
import type { Answer, Content, Ir, Operation } from './operations.ts'
import { responseType } from './type-names.ts'

const HANDLERS = `/** The handlers of all operations. \`Extra\` is what the dispatcher adds to each request: caller and subject. */
export type OperationHandlers<C, Extra extends Record<OperationId, unknown>> = {
  readonly [Id in OperationId]: (
    ctx: C,
    request: OperationRequests[Id] & Extra[Id],
  ) => Promise<OperationReplies[Id]>
}`

const MEDIA_TYPE = `/** A media type, alone or with parameters such as a charset. */
export type MediaType<T extends string> = T | \`\${T};\${string}\``

/**
 * handlers.ts: what each handler gets and what it may answer. Only success and redirect statuses (and the 503 of
 * readiness) are replies; the others are thrown as errors.
 */
export function emitHandlers(ir: Ir): string {
  const requests = ir.operations.map(printRequest)
  const replies = ir.operations.map(printReplies)
  const streams = ir.operations.some((operation) => operation.body?.stream)
  const typesUsed = [...requests, ...replies].some((text) => text.includes('operations['))
  return file(
    HEADER,
    lines(
      streams && "import type { Readable } from 'node:stream'",
      "import type { OperationId } from './operations.ts'",
      typesUsed && "import type { operations } from './types.ts'",
    ),
    'export type ReplyHeaders = Readonly<Record<string, string>>',
    lines(
      '/** No members at all: an operation without such parameters. */',
      'export type None = Readonly<Record<string, never>>',
    ),
    replies.some((text) => text.includes('MediaType<')) && MEDIA_TYPE,
    block('export interface OperationRequests {', requests),
    block('export interface OperationReplies {', replies),
    HANDLERS,
  )
}

function printRequest(operation: Operation): string {
  return block(`${key(operation.id)}: {`, [
    `readonly params: ${parametersType(operation, 'path')}`,
    `readonly query: ${parametersType(operation, 'query')}`,
    ...(operation.rawQuery ? ['readonly rawQuery: URLSearchParams'] : []),
    `readonly body: ${bodyType(operation)}`,
  ])
}

function parametersType(operation: Operation, place: 'path' | 'query'): string {
  if (!operation.parameters.some((parameter) => parameter.in === place)) return 'None'
  return `Readonly<NonNullable<operations[${quote(operation.id)}]['parameters'][${quote(place)}]>>`
}

function bodyType({ id, body }: Operation): string {
  if (!body) return 'undefined'
  if (body.stream) return 'Readable'
  const type = `NonNullable<operations[${quote(id)}]['requestBody']>['content'][${quote(body.mediaType)}]`
  return body.required ? type : `${type} | undefined`
}

function printReplies(operation: Operation): string {
  const replies = operation.answers
    .filter((answer) => answer.reply)
    .flatMap((answer) => answerTypes(operation.id, answer).map((type) => `| ${type}`))
  if (replies.length === 0) return `${key(operation.id)}: never`
  return block(`${key(operation.id)}:`, replies, '').trimEnd()
}

function answerTypes(id: string, { status, contents, bytes }: Answer): string[] {
  if (contents.length === 0) return [members([`status: ${status}`, 'headers?: ReplyHeaders'])]
  if (bytes) {
    const head = [`status: ${status}`, `type: ${mediaTypes(contents)}`]
    const whole = members([...head, 'body: string | Buffer', 'headers?: ReplyHeaders'])
    if (!contents.some((content) => content.pieces)) return [whole]
    return [whole, members([...head, 'length: number', 'pieces: AsyncIterable<Buffer>', 'headers?: ReplyHeaders'])]
  }
  return contents.flatMap((content) => {
    const type = content.mediaType !== 'application/json' && `type: ${quote(content.mediaType)}`
    const body = `body: ${responseType(id, status, content.mediaType)}`
    const whole = members([`status: ${status}`, type, body, 'headers?: ReplyHeaders'])
    if (!content.pieces) return [whole]
    return [whole, members([`status: ${status}`, type, 'pieces: AsyncIterable<string>', 'headers?: ReplyHeaders'])]
  })
}

function mediaTypes(contents: readonly Content[]): string {
  if (contents.some((content) => content.mediaType.includes('*'))) return 'string'
  return `MediaType<${contents.map((content) => quote(content.mediaType)).join(' | ')}>`
}

function members(parts: readonly (string | false)[]): string {
  return `{ ${parts
    .filter((part) => part !== false)
    .map((part) => `readonly ${part}`)
    .join('; ')} }`
}
