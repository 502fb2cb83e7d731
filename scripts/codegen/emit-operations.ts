import { block, file, HEADER, key, lines, literal } from './code.ts'
import type { Ir, Operation } from './operations.ts'
import { toRoutes } from './routes.ts'

const TYPES = `export type OperationId = (typeof operationIds)[number]

export type ParameterType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'

export interface ParameterSpec {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly type: ParameterType
  readonly required: boolean
  readonly format?: string
  /** The items' type, for arrays of something else than strings. */
  readonly items?: ParameterType
  /** Only where it is not the default of its place (form in queries, simple in paths). */
  readonly style?: string
  readonly explode?: boolean
}

export interface BodySpec {
  readonly kind: 'json' | 'multipart'
  readonly required: boolean
  /** The handler reads the body itself. */
  readonly stream: boolean
  /** The body is read as JSON whatever its content type says. */
  readonly anyType: boolean
  readonly files: readonly { readonly name: string; readonly maxBytes: number | null }[]
  readonly fields: readonly { readonly name: string; readonly type: ParameterType }[]
}

export interface OperationSpec {
  readonly id: OperationId
  readonly method: string
  /** With the server's prefix: \`/api/run/{id}\`. */
  readonly path: string
  readonly tag: string
  readonly secured: boolean
  /** The handler gets the query as it was sent too. */
  readonly rawQuery?: true
  readonly parameters: readonly ParameterSpec[]
  readonly body: BodySpec | null
  /** The content types of every status; none for an answer without a body. */
  readonly responses: Readonly<Record<number, readonly string[]>>
}

export type MethodTable = Readonly<Record<string, OperationId>>

/** A step of a path: first the literal segments, then the parameter. \`names\` are those of the whole path. */
export interface RouteNode {
  readonly literals?: Readonly<Record<string, RouteNode>>
  readonly parameter?: RouteNode
  readonly methods?: MethodTable
  readonly names?: readonly string[]
}

export interface Routes {
  /** Paths without parameters. */
  readonly static: Readonly<Record<string, MethodTable>>
  readonly dynamic: RouteNode
}`

/** operations.ts: the operation table and the route tables that the dispatcher matches with. */
export function emitOperations(ir: Ir): string {
  const ids = ir.operations.map((operation) => operation.id)
  return file(
    HEADER,
    lines(`export const operationIds = ${literal(ids)} as const`),
    TYPES,
    block(
      'export const operations: Readonly<Record<OperationId, OperationSpec>> = {',
      ir.operations.map((operation) => `${key(operation.id)}: ${literal(operationSpec(operation), 90)},`),
    ),
    `export const routes: Routes = ${literal(toRoutes(ir.operations))}`,
  )
}

function operationSpec({ id, method, path, tag, secured, rawQuery, parameters, body, answers }: Operation) {
  return {
    id,
    method,
    path,
    tag,
    secured,
    ...(rawQuery ? { rawQuery } : {}),
    parameters: parameters.map(({ schema: _, ...parameter }) => parameter),
    body: body && {
      kind: body.kind,
      required: body.required,
      stream: body.stream,
      anyType: body.anyType,
      files: body.files,
      fields: body.fields,
    },
    responses: Object.fromEntries(
      answers.map((answer) => [answer.status, answer.contents.map((content) => content.mediaType)]),
    ),
  }
}
