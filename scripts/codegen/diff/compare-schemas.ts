import { isObject, type JsonObject, objectOf, objectsOf, stringsOf } from '../json.ts'
import { follow, refName, type Schema } from '../schema.ts'
import { type Change, type Direction, type Effect, isBreaking } from './changes.ts'

/** Compares two schemas, each with the components of its own document. `place` is how the changes call them. */
export type CompareSchemas = (before: Schema, after: Schema, direction: Direction, place: string) => readonly Change[]

const ALL_TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']

/** Limits: a larger lower bound or a smaller upper one lets less through. */
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'x-max-bytes']
/** Two different values of these cannot be compared. */
const OPAQUE = ['pattern', 'multipleOf', 'format', 'uniqueItems']

/** A comparison that visits each pair of components once, however many operations use them. */
export function createSchemaComparison(oldComponents: JsonObject, newComponents: JsonObject): CompareSchemas {
  const visited = new Map<string, readonly Change[]>()

  function compare(before: Schema, after: Schema, direction: Direction, place: string): readonly Change[] {
    const [oldName, newName] = [refName(before), refName(after)]
    if (oldName === null || newName === null) return compareBodies(before, after, direction, place)
    const key = `${direction} ${oldName} ${newName}`
    const known = visited.get(key)
    if (known) return known
    visited.set(key, [])
    const changes = compareBodies(before, after, direction, newName)
    visited.set(key, changes)
    return changes
  }

  function compareBodies(before: Schema, after: Schema, direction: Direction, place: string): readonly Change[] {
    const a = simplify(before, oldComponents)
    const b = simplify(after, newComponents)
    const changes: Change[] = []
    const note = (effect: Effect, text: string, at = place) => {
      changes.push({ breaking: isBreaking(direction, effect), direction, place: at, text })
    }
    if (unionOf(a).length + unionOf(b).length > 0) {
      return compareUnions(membersOf(before, a), membersOf(after, b), direction, place)
    }
    compareTypes(a, b, note)
    compareEnums(a, b, note)
    compareLimits(a, b, note)
    changes.push(...compareObjects(a, b, direction, place))
    if (isObject(a.items) && isObject(b.items)) changes.push(...compare(a.items, b.items, direction, `${place}[]`))
    return changes
  }

  function compareObjects(a: Schema, b: Schema, direction: Direction, place: string): Change[] {
    const [old, now] = [objectOf(a.properties), objectOf(b.properties)]
    const [oldRequired, nowRequired] = [stringsOf(a.required), stringsOf(b.required)]
    const changes: Change[] = []
    const note = (breaking: boolean, text: string, at: string) => changes.push({ breaking, direction, place: at, text })
    const isRequest = direction === 'request'
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const at = `${place}.${name}`
      const [was, is] = [oldRequired.includes(name), nowRequired.includes(name)]
      if (!Object.hasOwn(now, name)) note(true, isRequest ? 'is not read any more' : 'is gone', at)
      else if (!Object.hasOwn(old, name)) note(isRequest && is, is && isRequest ? 'is new and required' : 'is new', at)
      else {
        if (!was && is) note(isRequest, isRequest ? 'is required now' : 'is always there now', at)
        if (was && !is) note(!isRequest, isRequest ? 'may be left out now' : 'may be missing now', at)
        changes.push(...compare(objectOf(old[name]), objectOf(now[name]), direction, at))
      }
    }
    const [oldMore, nowMore] = [a.additionalProperties ?? true, b.additionalProperties ?? true]
    if (isObject(oldMore) && isObject(nowMore)) changes.push(...compare(oldMore, nowMore, direction, `${place}.*`))
    else if (describesObject(a) && describesObject(b)) {
      if (oldMore !== false && nowMore === false)
        note(isBreaking(direction, 'narrower'), 'takes no other keys now', place)
      if (oldMore === false && nowMore !== false) note(isBreaking(direction, 'wider'), 'may hold any key now', place)
    }
    return changes
  }

  function compareUnions(
    old: readonly Schema[],
    now: readonly Schema[],
    direction: Direction,
    place: string,
  ): readonly Change[] {
    const text = (schema: Schema, components: JsonObject) =>
      refName(schema) ?? JSON.stringify(simplify(schema, components))
    const oldTexts = old.map((one) => text(one, oldComponents))
    const nowTexts = now.map((one) => text(one, newComponents))
    const gone = old.filter((_, index) => !nowTexts.includes(oldTexts[index] ?? ''))
    const added = now.filter((_, index) => !oldTexts.includes(nowTexts[index] ?? ''))
    const kept = old.flatMap((one, index) => {
      const same = now[nowTexts.indexOf(oldTexts[index] ?? '')]
      return same ? compare(one, same, direction, place) : []
    })
    // Members that were edited in place.
    if (gone.length === added.length) {
      return [...kept, ...gone.flatMap((one, index) => compare(one, added[index] ?? {}, direction, place))]
    }
    const changes = [...kept]
    if (gone.length > 0) {
      const breaking = isBreaking(direction, 'narrower')
      changes.push({ breaking, direction, place, text: `has ${gone.length} forms less` })
    }
    if (added.length > 0) {
      const breaking = isBreaking(direction, 'wider')
      changes.push({ breaking, direction, place, text: `has ${added.length} new forms` })
    }
    return changes
  }

  return compare
}

type Note = (effect: Effect, text: string) => void

function compareTypes(a: Schema, b: Schema, note: Note): void {
  const [old, now] = [typesOfAny(a), typesOfAny(b)]
  const isGone = old.some((type) => !now.includes(type) && !(type === 'integer' && now.includes('number')))
  const isNew = now.some((type) => !old.includes(type) && !(type === 'integer' && old.includes('number')))
  const text = `was ${printTypes(old)}, is ${printTypes(now)}`
  if (isGone && isNew) note('other', text)
  else if (isGone) note('narrower', text)
  else if (isNew) note('wider', text)
}

function typesOfAny(schema: Schema): string[] {
  const types = stringsOf(schema.type)
  return types.length > 0 ? types : ALL_TYPES
}

function printTypes(types: readonly string[]): string {
  return types.length === ALL_TYPES.length ? 'anything' : types.join(' or ')
}

function compareEnums(a: Schema, b: Schema, note: Note): void {
  const [old, now] = [valuesOf(a), valuesOf(b)]
  if (old && now) {
    const gone = old.filter((value) => !now.includes(value))
    const added = now.filter((value) => !old.includes(value))
    if (gone.length > 0) note('narrower', `has no value ${gone.join(', ')} any more`)
    if (added.length > 0) note('wider', `has the new value ${added.join(', ')}`)
  } else if (now) note('narrower', `takes only ${now.join(', ')} now`)
  else if (old) note('wider', `is not limited to ${old.join(', ')} any more`)
}

function valuesOf(schema: Schema): string[] | null {
  const values = Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? null : [schema.const]
  return values?.map((value) => JSON.stringify(value)) ?? null
}

function compareLimits(a: Schema, b: Schema, note: Note): void {
  for (const key of [...LOWER, ...UPPER]) {
    const [old, now] = [a[key], b[key]]
    if (old === now) continue
    const text = `${key} was ${old ?? 'unset'}, is ${now ?? 'unset'}`
    const rises = Number(now) > Number(old)
    if (now === undefined) note('wider', text)
    else if (old === undefined) note('narrower', text)
    else note(rises === LOWER.includes(key) ? 'narrower' : 'wider', text)
  }
  for (const key of OPAQUE) {
    const [old, now] = [a[key], b[key]]
    if (old === now) continue
    const text = `${key} was ${old ?? 'unset'}, is ${now ?? 'unset'}`
    note(old === undefined ? 'narrower' : now === undefined ? 'wider' : 'other', text)
  }
}

function describesObject(schema: Schema): boolean {
  return stringsOf(schema.type).includes('object') || isObject(schema.properties)
}

/** The forms that a value may have; a schema that is no union is its only form. */
function membersOf(written: Schema, simple: Schema): Schema[] {
  const members = unionOf(simple)
  return members.length > 0 ? members : [written]
}

function unionOf(schema: Schema): Schema[] {
  return [...objectsOf(schema.oneOf), ...objectsOf(schema.anyOf)]
}

/** References followed, an allOf as one schema, and "this or null" as a schema that may be null. */
function simplify(schema: Schema, components: JsonObject): Schema {
  const target = follow(schema, components)
  const members = unionOf(target)
  const [only, ...others] = members.filter((one) => one.type !== 'null')
  if (only && others.length === 0 && members.length > 0) {
    const present = simplify(only, components)
    if (members.length === 1) return present
    return { ...present, type: [...typesOfAny(present).filter((type) => type !== 'null'), 'null'] }
  }
  if (!Array.isArray(target.allOf)) return target
  const { allOf, ...own } = target
  const parts = [...objectsOf(allOf).map((one) => simplify(one, components)), own]
  return Object.assign({}, ...parts, {
    properties: Object.assign({}, ...parts.map((part) => objectOf(part.properties))),
    required: parts.flatMap((part) => stringsOf(part.required)),
    additionalProperties: own.unevaluatedProperties ?? own.additionalProperties ?? true,
  })
}
