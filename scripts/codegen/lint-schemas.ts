import { entriesOf, type Report } from './entries.ts'
import { isObject, type JsonObject, objectOf, objectsOf, stringsOf } from './json.ts'
import { follow, refName, type Schema, subschemas, typesOf } from './schema.ts'

/** Members that describe a value without saying anything about it. */
const ANNOTATIONS = new Set([
  'title',
  'description',
  'example',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
])

/** The properties of answers that hold whatever a client once sent (data-model.md). */
const OPEN_PROPERTIES = new Set(['metadata', 'params', 'summary', 'additional_metadata'])

/** Refuses schemas that say nothing, and answers that are open to any key. */
export function lintSchemas(document: JsonObject, report: Report): void {
  const components = objectOf(objectOf(document.components).schemas)
  for (const schema of Object.values(components)) if (isObject(schema)) lintSaying(schema, report)
  const seen = new Set<Schema>()
  for (const { item, operation } of entriesOf(document)) {
    for (const parameter of [...objectsOf(item.parameters), ...objectsOf(operation.parameters)]) {
      if (isObject(parameter.schema)) lintSaying(parameter.schema, report)
    }
    for (const schema of mediaSchemas(operation.requestBody)) lintSaying(schema, report)
    for (const [status, response] of Object.entries(objectOf(operation.responses))) {
      for (const [type, media] of Object.entries(objectOf(objectOf(response).content))) {
        if (!isObject(objectOf(media).schema))
          report(operation, `answer ${status} ${type} has no schema`, 'responses', status)
      }
      for (const schema of mediaSchemas(response)) {
        lintSaying(schema, report)
        lintClosed(schema, components, seen, report)
      }
    }
  }
}

function mediaSchemas(holder: unknown): Schema[] {
  return Object.values(objectOf(objectOf(holder).content))
    .map((media) => objectOf(media).schema)
    .filter(isObject)
}

function lintSaying(schema: Schema, report: Report): void {
  const telling = Object.keys(schema).filter((key) => !ANNOTATIONS.has(key) && !key.startsWith('x-'))
  if (telling.length === 0)
    report(schema, {
      message: 'an empty schema allows anything: say what the value is',
      hint: 'add a type, such as type: string',
    })
  if (schema.nullable !== undefined)
    report(
      schema,
      { message: "nullable is not OpenAPI 3.1: use type: [..., 'null']", hint: "type: [ string, 'null' ]" },
      'nullable',
    )
  const types = typesOf(schema)
  if (types.length === 1 && types[0] === 'array' && schema.items === undefined && schema.prefixItems === undefined) {
    report(schema, { message: 'an array without items allows anything', hint: 'add items: { type: string }' })
  }
  for (const sub of subschemas(schema)) lintSaying(sub.schema, report)
}

function lintClosed(schema: Schema, components: JsonObject, seen: Set<Schema>, report: Report, closed = false): void {
  if (refName(schema) !== null) {
    lintClosed(follow(schema, components), components, seen, report, closed)
    return
  }
  // A member of an allOf may be open there and must be closed elsewhere, so only complete visits count as seen.
  if (seen.has(schema)) return
  if (!closed) seen.add(schema)
  const isObjectSchema = stringsOf(schema.type).includes('object') || schema.properties !== undefined
  if (isObjectSchema && !closed && !isClosed(schema)) {
    report(
      schema,
      'an answer object is open to any key: say additionalProperties: false, or x-map: true with a typed one',
    )
  }
  for (const sub of subschemas(schema)) {
    const [keyword, property] = sub.steps
    if (keyword === 'properties' && OPEN_PROPERTIES.has(String(property))) continue
    lintClosed(sub.schema, components, seen, report, keyword === 'allOf' && (closed || isClosed(schema)))
  }
}

function isClosed(schema: Schema): boolean {
  if (schema.additionalProperties === false || schema.unevaluatedProperties === false) return true
  return schema['x-map'] === true && isObject(schema.additionalProperties)
}
