import type { Bundle } from './bundle.ts'
import { entriesOf, isSecured } from './entries.ts'
import { isObject, type JsonObject, objectOf, objectsOf, stringsOf, textOf } from './json.ts'
import { problemAt, ROOT_FILE } from './load.ts'
import type { Problem } from './problem.ts'
import { follow, type Schema, typesOf } from './schema.ts'

export type ParameterType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly type: ParameterType
  readonly required: boolean
  readonly format?: string
  /** The items' type, for arrays of something else than strings. */
  readonly items?: ParameterType
  /** Only where it is not the default of its place (`form` in queries, `simple` in paths). */
  readonly style?: string
  readonly explode?: boolean
  readonly schema: Schema
}

export interface Body {
  readonly kind: 'json' | 'multipart'
  readonly mediaType: string
  readonly required: boolean
  readonly stream: boolean
  readonly anyType: boolean
  readonly schema: Schema
  readonly files: readonly { name: string; maxBytes: number | null }[]
  readonly fields: readonly { name: string; type: ParameterType }[]
}

export interface Content {
  readonly mediaType: string
  readonly json: boolean
  /** `x-pieces: true`: the handler may answer in pieces instead, a JSON text or the bytes of a file. */
  readonly pieces: boolean
  readonly schema: Schema
}

export interface Answer {
  readonly status: number
  readonly contents: readonly Content[]
  /** The handler answers bytes: some content is no JSON, so JSON among it (a downloaded file) is bytes as well. */
  readonly bytes: boolean
  /** What a handler may return; every other answer is thrown as an error. */
  readonly reply: boolean
}

export interface Operation {
  readonly id: string
  /** Upper case. */
  readonly method: string
  /** With the server's prefix: `/api/run/{id}`. */
  readonly path: string
  /** As the document has it, without the prefix. */
  readonly written: string
  readonly tag: string
  readonly secured: boolean
  /** `x-raw-query: true`: the handler reads the query itself as well. */
  readonly rawQuery: boolean
  readonly parameters: readonly Parameter[]
  readonly body: Body | null
  readonly answers: readonly Answer[]
}

/** What the emitters read: the operations in the order of the spec, the shared schemas, the document itself. */
export interface Ir {
  readonly document: JsonObject
  readonly schemas: Readonly<Record<string, Schema>>
  readonly operations: readonly Operation[]
  /** Makes a problem at the place where an object of the document was written. */
  readonly problem: (node: object, message: string) => Problem
}

/** Turns a bundled and linted document into the operations that the emitters print. */
export function toOperations(bundled: Bundle): Ir {
  const { document, origins, spec } = bundled
  const schemas = objectOf(objectOf(document.components).schemas) as Record<string, Schema>
  const operations = entriesOf(document).map(({ path, method, item, operation }): Operation => {
    const parameters = [...objectsOf(item.parameters), ...objectsOf(operation.parameters)]
    const id = textOf(operation.operationId)
    return {
      id,
      method: method.toUpperCase(),
      path: serverPath(operation.servers ?? item.servers ?? document.servers) + path,
      written: path,
      tag: stringsOf(operation.tags)[0] ?? '',
      secured: isSecured(document, operation),
      rawQuery: operation['x-raw-query'] === true,
      parameters: parameters.map((parameter) => toParameter(parameter, schemas)),
      body: toBody(operation.requestBody, schemas),
      answers: Object.entries(objectOf(operation.responses)).map(([status, response]) =>
        toAnswer(Number(status), objectOf(response), id),
      ),
    }
  })
  const problem = (node: object, message: string) =>
    problemAt(spec, origins.get(node) ?? { file: ROOT_FILE, path: [] }, message)
  return { document, schemas, operations, problem }
}

/** The prefix that a server puts before its paths, without a slash at the end. */
export function serverPath(servers: unknown): string {
  const url = textOf(objectsOf(servers)[0]?.url, '/')
  return url.endsWith('/') ? url.slice(0, -1) : url
}

function toParameter(parameter: JsonObject, schemas: JsonObject): Parameter {
  const written = objectOf(parameter.schema)
  const schema = follow(written, schemas)
  const place = parameter.in === 'path' ? 'path' : 'query'
  const style = textOf(parameter.style, place === 'path' ? 'simple' : 'form')
  const explode = parameter.explode ?? style === 'form'
  const items = isObject(schema.items) ? typeOf(follow(schema.items, schemas)) : 'string'
  return {
    name: textOf(parameter.name),
    in: place,
    type: typeOf(schema),
    required: parameter.required === true,
    ...(typeof schema.format === 'string' ? { format: schema.format } : {}),
    ...(items === 'string' ? {} : { items }),
    ...(style === (place === 'path' ? 'simple' : 'form') ? {} : { style }),
    ...(explode === (style === 'form') ? {} : { explode: explode === true }),
    schema: written,
  }
}

function typeOf(schema: Schema): ParameterType {
  return (typesOf(schema)[0] ?? 'string') as ParameterType
}

function toBody(requestBody: unknown, schemas: JsonObject): Body | null {
  const body = objectOf(requestBody)
  const [entry] = Object.entries(objectOf(body.content))
  if (!entry) return null
  const [mediaType, media] = entry
  const schema = objectOf(objectOf(media).schema)
  const kind = mediaType === 'multipart/form-data' ? 'multipart' : 'json'
  const properties = kind === 'multipart' ? Object.entries(objectOf(follow(schema, schemas).properties)) : []
  const parts = properties.map(([name, property]) => ({ name, schema: follow(objectOf(property), schemas) }))
  return {
    kind,
    mediaType,
    required: body.required === true,
    stream: objectOf(media)['x-stream'] === true,
    anyType: body['x-any-content-type'] === true,
    schema,
    files: parts
      .filter((part) => isFile(part.schema))
      .map((part) => ({ name: part.name, maxBytes: maxBytes(part.schema) })),
    fields: parts
      .filter((part) => !isFile(part.schema))
      .map((part) => ({ name: part.name, type: typeOf(part.schema) })),
  }
}

/** True for a file part of a multipart body. */
export function isFile(schema: Schema): boolean {
  return schema.format === 'binary' && typesOf(schema).includes('string')
}

function maxBytes(schema: Schema): number | null {
  return typeof schema['x-max-bytes'] === 'number' ? schema['x-max-bytes'] : null
}

function toAnswer(status: number, response: JsonObject, id: string): Answer {
  const contents = Object.entries(objectOf(response.content)).map(([mediaType, media]) => ({
    mediaType,
    json: mediaType === 'application/json' || mediaType.endsWith('+json'),
    pieces: objectOf(media)['x-pieces'] === true,
    schema: objectOf(objectOf(media).schema),
  }))
  const bytes = contents.some((content) => !content.json)
  return { status, contents, bytes, reply: status < 400 || (status === 503 && id === 'getReadiness') }
}
