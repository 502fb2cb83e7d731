import { OpenAPIBackend } from 'openapi-backend'
import type { AnyReply } from './answers.ts'

/** What of an OpenAPI schema says how a value looks. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly const?: unknown
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly example?: unknown
  readonly examples?: readonly unknown[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

interface MediaType {
  readonly schema?: Schema
  example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>
}

/** The parts of a bundled document that mocks are made of. */
export interface MockDefinition {
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
  readonly paths: Readonly<Record<string, Readonly<Record<string, MockOperation>>>>
}

interface MockOperation {
  readonly operationId?: string
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>
}

/** Answers an operation with its example. `prefer` is the caller's Prefer header (RFC 7240): `code=404, example=name`. */
export type Mock = (operation: string, prefer?: string) => AnyReply

/** Marks an answer that no handler gave. */
export const MOCK_HEADER = 'x-mock'

/**
 * Mocks by openapi-backend of every operation of a bundled document. It reads examples of media types only, and makes up
 * values that need not be valid, so the examples of schemas are put where it looks first.
 */
export async function createMock(definition: MockDefinition): Promise<Mock> {
  const document = structuredClone(definition)
  const schemas = document.components?.schemas ?? {}
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]))
  for (const operation of operations) {
    for (const response of Object.values(operation?.responses ?? {})) {
      for (const media of Object.values(response.content ?? {})) {
        if (media.example === undefined && !media.examples && media.schema) {
          media.example = exampleOf(media.schema, schemas)
        }
      }
    }
  }
  const api = new OpenAPIBackend({ definition: document as never, quick: true, validate: false })
  await api.init()

  return (id, prefer = '') => {
    const wanted = readPrefer(prefer)
    const responses = byId.get(id)?.responses ?? {}
    const code = responses[wanted.code ?? ''] ? wanted.code : usualStatus(Object.keys(responses))
    const content = Object.entries(responses[code ?? '']?.content ?? {})
    // A file's types are many, and its bytes are no JSON whatever its type says.
    const json = content.find(([type, media]) => type.endsWith('json') && media.schema?.format !== 'binary')
    const [type] = json ?? content[0] ?? []
    const headers = { [MOCK_HEADER]: `${id} is answered with an example of the spec` }
    const status = Number(code ?? 200)
    if (!type) return { status, headers }
    const { mock } = api.mockResponseForOperation(id, { code: status, mediaType: type, ...wanted.named })
    const body = json ? JSON.stringify(mock) : String(mock)
    return { status, type, body, headers }
  }
}

/** The lowest success or redirect, else the lowest status. */
function usualStatus(statuses: readonly string[]): string | undefined {
  const sorted = statuses.toSorted()
  return sorted.find((status) => /^[23]/.test(status)) ?? sorted[0]
}

function readPrefer(prefer: string): { code?: string; named?: { example: string } } {
  const code = /\bcode=(\d{3})\b/.exec(prefer)?.[1]
  const example = /\bexample="?([^",;\s]+)/.exec(prefer)?.[1]
  return { ...(code ? { code } : {}), ...(example ? { named: { example } } : {}) }
}

/** A value of a schema: the first example that is written down, else one put together from those of its parts. */
export function exampleOf(
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  under: readonly string[] = [],
): unknown {
  const name = schema.$ref?.split('/').at(-1)
  // A schema that needs itself has no finite example anyway.
  if (name !== undefined) return under.includes(name) ? null : exampleOf(schemas[name] ?? {}, schemas, [...under, name])
  const written = [schema.example, schema.examples?.[0], schema.const, schema.default, schema.enum?.[0]]
  const first = written.find((value) => value !== undefined)
  if (first !== undefined) return first
  const [choice] = schema.oneOf ?? schema.anyOf ?? []
  if (choice) return exampleOf(choice, schemas, under)
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0]
  if (type === 'array') return schema.items ? [exampleOf(schema.items, schemas, under)] : []
  if (type === 'object' || schema.properties || schema.allOf) {
    const parts = (schema.allOf ?? []).map((part) => exampleOf(part, schemas, under) as object)
    const own = Object.entries(schema.properties ?? {}).filter(([property]) => schema.required?.includes(property))
    const members = own.map(([property, sub]) => [property, exampleOf(sub, schemas, under)])
    return Object.assign({}, ...parts, Object.fromEntries(members))
  }
  return PLAIN_EXAMPLES[schema.format ?? ''] ?? PLAIN_EXAMPLES[type ?? ''] ?? null
}

const PLAIN_EXAMPLES: Readonly<Record<string, unknown>> = {
  uuid: '3f2b7a10-9c4d-4e58-8a61-7d5e2c9b0f34',
  'date-time': '2024-05-06T07:08:09.000000',
  email: 'noor@example.com',
  string: 'text',
  integer: 1,
  number: 1.5,
  boolean: true,
}
