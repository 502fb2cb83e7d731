import { SCHEMA_REF } from './bundle.ts'
import { isObject, type JsonObject, objectOf, objectsOf, stringsOf } from './json.ts'

export type Schema = JsonObject

/** The component name that a schema refers to, or null when it stands for itself. */
export function refName(schema: Schema): string | null {
  return typeof schema.$ref === 'string' && schema.$ref.startsWith(SCHEMA_REF)
    ? schema.$ref.slice(SCHEMA_REF.length)
    : null
}

/** Follows references to the schema that they mean. A reference to an unknown component gives an empty schema. */
export function follow(schema: Schema, components: JsonObject): Schema {
  let current = schema
  for (let name = refName(current); name !== null; name = refName(current)) {
    current = objectOf(components[name])
  }
  return current
}

/** The schema's types without `null`. */
export function typesOf(schema: Schema): string[] {
  return stringsOf(schema.type).filter((type) => type !== 'null')
}

/** True when the schema itself says that null is a value (a reference says nothing). */
export function isNullable(schema: Schema): boolean {
  if (Array.isArray(schema.enum)) return schema.enum.includes(null) || stringsOf(schema.type).includes('null')
  return stringsOf(schema.type).includes('null')
}

/** True for `{type: 'null'}`, the null member of a union. */
export function isNull(schema: Schema): boolean {
  return schema.type === 'null'
}

/** Every direct subschema with the steps that lead to it; references are not followed. */
export function subschemas(schema: Schema): { steps: readonly (string | number)[]; schema: Schema }[] {
  const found: { steps: (string | number)[]; schema: Schema }[] = []
  for (const key of ['properties', 'patternProperties', '$defs']) {
    for (const [name, sub] of Object.entries(objectOf(schema[key]))) {
      if (isObject(sub)) found.push({ steps: [key, name], schema: sub })
    }
  }
  for (const key of [
    'items',
    'additionalProperties',
    'unevaluatedProperties',
    'not',
    'if',
    'then',
    'else',
    'contains',
  ]) {
    const sub = schema[key]
    if (isObject(sub)) found.push({ steps: [key], schema: sub })
  }
  for (const key of ['allOf', 'anyOf', 'oneOf', 'prefixItems']) {
    for (const [index, sub] of objectsOf(schema[key]).entries()) found.push({ steps: [key, index], schema: sub })
  }
  return found
}
