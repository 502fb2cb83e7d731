import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
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

/** One schema of the validators, as Ajv gets it. */
interface Entry {
  /** The function's name; null for a component, which others refer to. */
  readonly name: string | null
  readonly schema: Schema
  readonly problem: (message: string) => Problem
}

/** Everything that the validators are made of; `text` is the same when they are. */
export interface ValidatorSchemas {
  readonly entries: readonly Entry[]
  readonly text: string
}

/** The components, and each operation's parameters (one object of query and path) and body. */
export function collectSchemas(ir: Ir): ValidatorSchemas {
  const entries: Entry[] = []
  function add(name: string | null, id: string, schema: Schema | null, written: object): void {
    if (!schema) return
    const problem = (message: string) => ir.problem(written, message)
    entries.push({ name, schema: { ...rewriteRefs(schema), $id: id }, problem })
  }
  for (const [name, schema] of Object.entries(ir.schemas)) add(null, componentId(name), schema, schema)
  for (const operation of ir.operations) {
    const { id, parameters, body } = operation
    add(parametersName(id), operationId(parametersName(id)), parametersSchema(operation), parameters[0]?.schema ?? {})
    add(bodyName(id), operationId(bodyName(id)), bodySchema(body, ir), body?.schema ?? {})
  }
  return { entries, text: JSON.stringify([ir.operations.map(({ id }) => id), entries]) }
}

/** validators.js: Ajv's standalone code. */
export function emitValidators(ir: Ir, { entries }: ValidatorSchemas = collectSchemas(ir)): string {
  const ajv = createAjv(entries)
  const names = entries.flatMap(({ name }) => (name === null ? [] : [name]))
  const orNull = (name: string) => (names.includes(name) ? name : 'null')
  const table = ir.operations.map(({ id }) => {
    return `${key(id)}: { parameters: ${orNull(parametersName(id))}, body: ${orNull(bodyName(id))} },`
  })
  const ids = Object.fromEntries(names.map((name) => [name, operationId(name)]))
  const code = names.length === 0 ? '' : standalone.default(ajv, ids).trimEnd()
  return file(HEADER, PRELUDE, code, block('export const validators = {', table))
}

/** The validators of one operation, ready to use: what the generated code does, without generating it. */
export function createValidators(
  ir: Ir,
): (id: string) => { parameters: ValidateFunction | null; body: ValidateFunction | null } {
  const ajv = createAjv(collectSchemas(ir).entries)
  const find = (name: string) => ajv.getSchema(operationId(name)) ?? null
  return (id) => ({ parameters: find(parametersName(id)), body: find(bodyName(id)) })
}

const parametersName = (id: string) => `${id}Parameters`
const bodyName = (id: string) => `${id}Body`
const operationId = (name: string) => `spec:/${name}`

/** validators.d.ts: the types of validators.js. */
export function emitValidatorTypes(): string {
  return file(HEADER, TYPES)
}

/** Knows what a schema may look like. One for all runs: compiling the schema of schemas takes longer than ours. */
const judge = new Ajv2020({ strict: false, logger: false })

function createAjv(entries: readonly Entry[]): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: false,
    inlineRefs: false,
    validateSchema: false,
    // Unknown formats are annotations (uuid and date-time answer with texts of the contract), so are x- keys.
    logger: false,
    code: { source: true, esm: true, lines: true },
  })
  ajv.addFormat('email', /@/)
  for (const { schema, problem } of entries) {
    // Ajv's own look at a schema becomes a problem at the place of the schema.
    if (!judge.validateSchema(schema))
      refuse([problem(`schema is invalid: ${judge.errorsText(judge.errors, { dataVar: 'schema' })}`)])
    ajv.addSchema(schema)
  }
  return ajv
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
