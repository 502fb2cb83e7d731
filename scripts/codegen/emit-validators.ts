import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { NAME_MAPS } from './bundle.ts'
import { block, file, HEADER, key } from './code.ts'
import { isObject } from './json.ts'
import { type Body, type Ir, isFile, type Operation } from './operations.ts'
import { type Problem, refuse } from './problem.ts'
import { follow, refName, type Schema } from './schema.ts'

/** Ajv's code is a CommonJS module at heart: what it requires stays required in ESM. */
const PRELUDE = `import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)`

const TYPES = `import type { ErrorObject } from 'ajv'
import type { OperationId } from './operations.ts'

/** True when the data fit; else \`errors\` holds the first error until the next call. */
export interface Validate {
  (data: unknown): boolean
  errors?: ErrorObject[] | null
}

export const validators: Readonly<Record<OperationId, { readonly parameters: Validate | null; readonly body: Validate | null }>>`

/** validators.js: Ajv's standalone code for parameters (one object of query and path) and bodies. */
export function emitValidators(ir: Ir): string {
  const ajv = createAjv(ir)
  const names: Record<string, string> = {}
  function add(name: string, schema: Schema | null, written: object = ir.document): string {
    if (!schema) return 'null'
    names[name] = `spec:/${name}`
    addSchema(ajv, schema, `spec:/${name}`, (message) => ir.problem(written, message))
    return name
  }
  const table = ir.operations.map((operation) => {
    const parameters = add(`${operation.id}Parameters`, parametersSchema(operation), operation.parameters[0]?.schema)
    const body = add(`${operation.id}Body`, bodySchema(operation.body, ir), operation.body?.schema)
    return `${key(operation.id)}: { parameters: ${parameters}, body: ${body} },`
  })
  const code = Object.keys(names).length === 0 ? '' : standalone.default(ajv, names).trimEnd()
  return file(HEADER, PRELUDE, code, block('export const validators = {', table))
}

/** validators.d.ts: the types of validators.js. */
export function emitValidatorTypes(): string {
  return file(HEADER, TYPES)
}

function createAjv(ir: Ir): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: false,
    inlineRefs: false,
    // Unknown formats are annotations (uuid and date-time answer with texts of the contract), so are x- keys.
    logger: false,
    code: { source: true, esm: true, lines: true },
  })
  ajv.addFormat('email', /@/)
  for (const [name, schema] of Object.entries(ir.schemas)) {
    addSchema(ajv, schema, componentId(name), (message) => ir.problem(schema, message))
  }
  return ajv
}

/** Ajv's own look at a schema becomes a problem at the place of the schema. */
function addSchema(ajv: Ajv2020, schema: Schema, $id: string, problem: (message: string) => Problem): void {
  try {
    ajv.addSchema({ ...rewriteRefs(schema), $id })
  } catch (error) {
    refuse([problem(error instanceof Error ? error.message : String(error))])
  }
}

function parametersSchema({ parameters }: Operation): Schema | null {
  if (parameters.length === 0) return null
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema])),
    required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
  }
}

function bodySchema(body: Body | null, ir: Ir): Schema | null {
  if (!body || body.stream) return null
  if (body.kind === 'json') return body.schema
  const schema = follow(body.schema, ir.schemas as Record<string, Schema>)
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]: [string, Schema]) => {
    return [name, isFile(follow(property, ir.schemas as Record<string, Schema>)) ? {} : property]
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}

/** Every component is a schema with an id of its own, so that it is compiled once. */
function componentId(name: string): string {
  return `spec:/schemas/${name}`
}

/** Members that Ajv would carry along without ever reading them. */
const ANNOTATIONS = new Set(['title', 'description', 'example', 'examples', 'default', 'deprecated'])

/** A copy whose references name the components' own ids, without annotations. `names`: the keys are property names. */
function rewriteRefs(value: Schema, names = false): Schema {
  const name = refName(value)
  const entries = Object.entries(value)
    .filter(([member]) => names || !(ANNOTATIONS.has(member) || member.startsWith('x-')))
    .map(([member, item]) => [member, rewriteMember(member, item, names)])
  return { ...Object.fromEntries(entries), ...(name === null ? {} : { $ref: componentId(name) }) }
}

function rewriteMember(member: string, item: unknown, names: boolean): unknown {
  if (!names && (member === 'enum' || member === 'const')) return item
  if (Array.isArray(item)) return item.map((one) => (isObject(one) ? rewriteRefs(one) : one))
  return isObject(item) ? rewriteRefs(item, !names && NAME_MAPS.has(member)) : item
}
