import { indent, lines, member, quote } from './code.ts'
import { isObject, objectOf, objectsOf, stringsOf } from './json.ts'
import type { Ir } from './operations.ts'
import type { Problem } from './problem.ts'
import { follow, isNull, isNullable, refName, type Schema, subschemas, typesOf } from './schema.ts'
import { componentType } from './type-names.ts'

/** Prints expressions that turn a value into JSON text, and collects the functions and helpers that they call. */
export interface Printer {
  /** An expression for `value` of the TypeScript type `type`; `name` names the functions made on the way. */
  expression(schema: Schema, value: string, type: string, name: string): string
  /** The name of the function of a reference's component. */
  functionOf(schema: Schema): string
  finish(): { functions: string[]; helpers: string[]; problems: Problem[] }
}

/** The body of a function for an object without properties. */
const EMPTY = "return '{}'"

const HELPERS = {
  text: `/** A string's JSON: most need no escape, and the test is cheaper than the general printer. */
function text(value: string): string {
  return /["\\\\\\u0000-\\u001f\\ud800-\\udfff]/.test(value) ? JSON.stringify(value) : \`"\${value}"\`
}`,
  number: `/** A number's JSON: what is no number in JSON is null. */
function number(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null'
}`,
  list: `function list<T>(items: readonly T[], print: (item: T) => string): string {
  let out = ''
  for (const item of items) out += out === '' ? print(item) : \`,\${print(item)}\`
  return \`[\${out}]\`
}`,
  has: `function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
}`,
  map: `function map<T>(members: Readonly<Record<string, T>>, print: (item: T) => string): string {
  let out = ''
  for (const [name, item] of Object.entries(members)) out += \`\${out === '' ? '' : ','}\${text(name)}:\${print(item)}\`
  return \`{\${out}}\`
}`,
} as const

export function createPrinter(ir: Pick<Ir, 'schemas' | 'problem'>): Printer {
  const functions = new Map<string, string>()
  const helpers = new Set<keyof typeof HELPERS>()
  const problems: Problem[] = []
  const components = ir.schemas

  function call(helper: keyof typeof HELPERS, ...args: readonly string[]): string {
    helpers.add(helper)
    if (helper === 'map') helpers.add('text')
    return `${helper}(${args.join(', ')})`
  }

  function expression(schema: Schema, value: string, type: string, name: string): string {
    if (refName(schema) !== null) return `${functionOf(schema)}(${value})`
    const union = unionOf(schema)
    const [only, ...others] = union.filter((one) => !isNull(one))
    const nullable = isNullable(schema) || union.some(isNull)
    const present = nullable ? `NonNullable<${type}>` : type
    const print =
      only && others.length === 0 ? expression(only, value, present, name) : some(schema, value, present, name)
    return nullable ? `(${value} === null ? 'null' : ${print})` : print
  }

  /** A value that is neither null nor a reference. */
  function some(schema: Schema, value: string, type: string, name: string): string {
    if (schema['x-raw-json'] === true) return value
    if (schema.const !== undefined || Array.isArray(schema.enum)) return constant(schema, value)
    const [kind, ...others] = typesOf(schema)
    if (schema.allOf !== undefined) return object(flatten(schema, components), value, type, name)
    if (others.length === 0 && unionOf(schema).length === 0) {
      if (kind === 'string') return call('text', value)
      if (kind === 'integer' || kind === 'number') return call('number', value)
      if (kind === 'boolean') return `(${value} ? 'true' : 'false')`
      if (kind === 'array' && isObject(schema.items)) return array(schema.items, value, type, name)
      if (kind === 'object' || schema.properties !== undefined) return object(schema, value, type, name)
    }
    return union(schema, value)
  }

  /**
   * Members with raw JSON in them are told by a property of their own; the others go through the general printer.
   * Such a member is a component, because its type needs a name.
   */
  function union(schema: Schema, value: string): string {
    const members = unionOf(schema).filter((one) => !isNull(one))
    const raw = members.filter((one) => holdsRawJson(one, components))
    const marks = raw.map((one) => markOf(one, members, components))
    if (raw.length === 0 || marks.includes(null)) return whole(schema, value)
    const branches = raw.map((one, index) => {
      const print = `${functionOf(one)}(${value} as ${componentType(refName(one) ?? '')})`
      return `${call('has', value, quote(marks[index] ?? ''))} ? ${print} : `
    })
    return `(${branches.join('')}JSON.stringify(${value}))`
  }

  function constant(schema: Schema, value: string): string {
    const values = Array.isArray(schema.enum) ? schema.enum.filter((one) => one !== null) : [schema.const]
    const clean = values.every((one) => typeof one === 'string' && JSON.stringify(one) === `"${one}"`)
    return clean ? `'"' + ${value} + '"'` : `JSON.stringify(${value})`
  }

  function array(items: Schema, value: string, type: string, name: string): string {
    return call('list', value, lambda(items, `${type}[number]`, `${name}Item`))
  }

  function lambda(schema: Schema, type: string, name: string): string {
    if (refName(schema) !== null) return functionOf(schema)
    return `(item) => ${expression(schema, 'item', type, name)}`
  }

  function object(schema: Schema, value: string, type: string, name: string): string {
    const hasProperties = Object.keys(objectOf(schema.properties)).length > 0
    if (isObject(schema.additionalProperties) && !hasProperties) {
      return call('map', value, lambda(schema.additionalProperties, `${type}[string]`, `${name}Value`))
    }
    const closed = schema.additionalProperties === false || schema.unevaluatedProperties === false
    if (!closed) return whole(schema, value)
    const called = freeName(`serialize${name.charAt(0).toUpperCase()}${name.slice(1)}`)
    define(called, type, () => objectBody(schema, type, name))
    return `${called}(${value})`
  }

  /** Two properties may give one name (`a-b` and `a b`), and a component may be called like a property of another. */
  function freeName(wanted: string): string {
    let name = wanted
    for (let n = 2; functions.has(name) || Object.hasOwn(components, name.slice('serialize'.length)); n++) {
      name = `${wanted}_${n}`
    }
    return name
  }

  function define(name: string, type: string, print: () => string): void {
    if (functions.has(name)) return
    functions.set(name, '')
    const body = print()
    const parameter = body === EMPTY ? '_value' : 'value'
    functions.set(name, lines(`function ${name}(${parameter}: ${type}): string {`, indent(body), '}'))
  }

  /** Required properties are one concatenation; each optional one follows when it is there. */
  function objectBody(schema: Schema, type: string, name: string): string {
    const required = new Set(stringsOf(schema.required))
    const properties = Object.entries(objectOf(schema.properties)) as [string, Schema][]
    const always = properties.filter(([property]) => required.has(property))
    const maybe = properties.filter(([property]) => !required.has(property))
    const print = ([property, sub]: [string, Schema]) =>
      expression(
        sub,
        member('value', property),
        `${required.has(property) ? type : `NonNullable<${type}>`}[${quote(property)}]`,
        `${name}${pascalName(property)}`,
      )
    const label = (property: string, before: string) => quote(`${before}${JSON.stringify(property)}:`)
    const terms = always.flatMap((entry, index) => [label(entry[0], index === 0 ? '{' : ','), print(entry)])
    if (maybe.length === 0) return terms.length === 0 ? EMPTY : `return ${concat([...terms, "'}'"])}`
    const additions = maybe.map((entry) => {
      const added = `out += ${label(entry[0], ',')} + ${print([entry[0], entry[1]])}`
      return `if (${member('value', entry[0])} !== undefined) ${added}`
    })
    const start = terms.length === 0 ? "''" : concat(terms)
    const end = terms.length === 0 ? "return '{' + out.slice(1) + '}'" : "return out + '}'"
    return lines(`let out = ${start}`, ...additions, end)
  }

  function functionOf(schema: Schema): string {
    const component = refName(schema) ?? ''
    const called = `serialize${component}`
    const target = components[component] ?? {}
    const type = componentType(component)
    define(called, type, () => {
      const nullable = isNullable(target)
      const isPlainObject = target['x-raw-json'] !== true && unionOf(target).length === 0 && isClosedObject(target)
      if (!isPlainObject) return `return ${expression(target, 'value', type, component)}`
      const flat = target.allOf === undefined ? target : flatten(target, components)
      return lines(nullable && "if (value === null) return 'null'", objectBody(flat, type, component))
    })
    return called
  }

  /** What has no code of its own goes through the general printer, which would print raw JSON as a string. */
  function whole(schema: Schema, value: string): string {
    if (holdsRawJson(schema, components)) {
      problems.push(ir.problem(schema, 'x-raw-json stands in a union or an open object whose shape cannot be told'))
    }
    return `JSON.stringify(${value})`
  }

  return {
    expression,
    functionOf,
    finish: () => ({
      functions: [...functions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, code]) => code),
      helpers: Object.entries(HELPERS)
        .filter(([name]) => helpers.has(name as keyof typeof HELPERS))
        .map(([, code]) => code),
      problems,
    }),
  }
}

function concat(terms: readonly string[]): string {
  return `(\n${indent(terms.join(' +\n'))}\n)`
}

function unionOf(schema: Schema): Schema[] {
  return [...objectsOf(schema.oneOf), ...objectsOf(schema.anyOf)]
}

/** A required property of a closed component that no other member of its union has; null when there is none. */
function markOf(one: Schema, members: readonly Schema[], components: Readonly<Record<string, Schema>>): string | null {
  const target = follow(one, components)
  const others = members.filter((other) => other !== one).map((other) => follow(other, components))
  const isKnown = (schema: Schema) => !typesOf(schema).includes('object') || schema.additionalProperties === false
  if (refName(one) === null || !isKnown(target) || !others.every(isKnown)) return null
  const isMine = (name: string) => !others.some((other) => Object.hasOwn(objectOf(other.properties), name))
  return stringsOf(target.required).find(isMine) ?? null
}

function isClosedObject(schema: Schema): boolean {
  const closed = schema.additionalProperties === false || schema.unevaluatedProperties === false
  return closed || schema.allOf !== undefined
}

/** The properties of an allOf and of its members as one closed object. */
function flatten(schema: Schema, components: Readonly<Record<string, Schema>>): Schema {
  const members = objectsOf(schema.allOf).map((one) => flatten(follow(one, components), components))
  const own = { properties: schema.properties, required: schema.required }
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.assign({}, ...[...members, own].map((one) => one.properties ?? {})),
    required: [...members, own].flatMap((one) => stringsOf(one.required)),
  }
}

function holdsRawJson(schema: Schema, components: Readonly<Record<string, Schema>>, seen = new Set<Schema>()): boolean {
  const target = follow(schema, components)
  if (seen.has(target)) return false
  seen.add(target)
  return target['x-raw-json'] === true || subschemas(target).some((sub) => holdsRawJson(sub.schema, components, seen))
}

function pascalName(property: string): string {
  return property
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
