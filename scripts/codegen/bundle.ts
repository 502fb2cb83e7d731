import { posix } from 'node:path'
import { isObject, type JsonObject, objectOf } from './json.ts'
import { type Location, problemAt, ROOT_FILE, type Spec } from './load.ts'
import type { Problem } from './problem.ts'

/**
 * The spec as one document: schemas of their own file stand in `components.schemas`, every other reference is inlined.
 * `origins` tells where an object of the document was written.
 */
export interface Bundle {
  readonly spec: Spec
  readonly document: JsonObject
  readonly origins: WeakMap<object, Location>
  readonly problems: readonly Problem[]
}

export const SCHEMA_REF = '#/components/schemas/'

/** Keys whose children are names that an author chose, not keywords: a property may well be called `default`. */
export const NAME_MAPS = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'schemas',
  'securitySchemes',
  'paths',
  'responses',
  'headers',
  'content',
  'encoding',
  'links',
  'callbacks',
  'variables',
])

/** Keys whose values are data: a `$ref` in them is no reference. */
const DATA_KEYS = new Set(['example', 'examples', 'default', 'const', 'enum', 'value'])

/** True for names such as `constructor`, which every object of JavaScript has: a missing member would look present. */
export function isTaken(name: string): boolean {
  return name in Object.prototype
}

/** What to say of a name that is taken. */
export function nameTaken(name: string): { message: string; hint: string } {
  return { message: `${name} is a name that every JavaScript object has`, hint: 'choose another one' }
}

/** Puts the files together. References that lead nowhere are problems, and stay as they are. */
export function bundle(spec: Spec): Bundle {
  const origins = new WeakMap<object, Location>()
  const problems: Problem[] = []
  const schemas = new Map<string, { location: Location; value: unknown }>()

  function keep<T extends object>(value: T, location: Location): T {
    origins.set(value, location)
    return value
  }

  function copy(value: unknown, at: Location, names: boolean, trail: readonly string[]): unknown {
    if (Array.isArray(value)) {
      return keep(
        value.map((item, index) => copy(item, below(at, index), false, trail)),
        at,
      )
    }
    if (!isObject(value)) return value
    if (!names && typeof value.$ref === 'string') return copyReference(value, value.$ref, at, trail)
    return copyMembers(value, at, names, trail)
  }

  function copyMembers(value: JsonObject, at: Location, names: boolean, trail: readonly string[]): JsonObject {
    const members: JsonObject = {}
    for (const [key, member] of Object.entries(value)) {
      if (names && isTaken(key)) {
        problems.push(problemAt(spec, below(at, key), nameTaken(key)))
        continue
      }
      const data = !names && (DATA_KEYS.has(key) || key.startsWith('x-'))
      members[key] = data ? member : copy(member, below(at, key), !names && NAME_MAPS.has(key), trail)
    }
    return keep(members, at)
  }

  function copyReference(value: JsonObject, ref: string, at: Location, trail: readonly string[]): unknown {
    const { $ref: _, ...others } = value
    const siblings = copyMembers(others, at, false, trail)
    const target = resolve(spec, at.file, ref)
    if (!target) {
      problems.push(
        problemAt(spec, below(at, '$ref'), {
          message: `$ref leads nowhere: ${ref}`,
          hint: nearest(spec, at.file, ref),
        }),
      )
      return keep({ $ref: ref }, at)
    }
    const name = schemaName(target.location)
    if (name !== null) {
      hoist(name, target, at)
      return keep({ $ref: SCHEMA_REF + name, ...siblings }, at)
    }
    const step = `${target.location.file}#/${target.location.path.join('/')}`
    if (trail.includes(step)) {
      problems.push(problemAt(spec, below(at, '$ref'), `$ref leads back to itself: ${ref}`))
      return keep({}, at)
    }
    const inlined = copy(target.value, target.location, false, [...trail, step])
    if (!isObject(inlined) || Object.keys(others).length === 0) return inlined
    return keep({ ...inlined, ...siblings }, target.location)
  }

  function hoist(name: string, target: { location: Location; value: unknown }, at: Location): void {
    const known = schemas.get(name)
    if (known && known.location.file !== target.location.file) {
      problems.push(problemAt(spec, at, `two files make a schema called ${name}`))
    }
    if (known) return
    const entry = { location: target.location, value: null as unknown }
    schemas.set(name, entry)
    entry.value = copy(target.value, target.location, false, [])
  }

  const root = { file: ROOT_FILE, path: [] }
  const { components, ...rest } = objectOf(spec.files.get(ROOT_FILE)?.value)
  const document = copyMembers(rest, root, false, [])
  const { securitySchemes } = objectOf(components)
  document.components = {
    ...(securitySchemes ? { securitySchemes: copy(securitySchemes, componentsAt('securitySchemes'), true, []) } : {}),
    schemas: Object.fromEntries(
      [...schemas].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => [name, schema.value]),
    ),
  }
  for (const file of spec.files.keys()) {
    if (file.startsWith('schemas/') && !schemas.has(pascalCase(file))) {
      problems.push(
        problemAt(
          spec,
          { file, path: [] },
          { message: 'no operation refers to this schema', hint: 'refer to it, or delete the file' },
        ),
      )
    }
  }
  return { spec, document, origins, problems }
}

/** The location of a member. */
export function below(location: Location, ...steps: readonly (string | number)[]): Location {
  return { file: location.file, path: [...location.path, ...steps] }
}

/** What the author of a reference may have meant: the file or the member whose name is the most like it. */
function nearest(spec: Spec, from: string, ref: string): string {
  const [path = '', fragment = ''] = ref.split('#')
  const file = path === '' ? from : posix.join(posix.dirname(from), path)
  const known = spec.files.get(file)
  if (!known) {
    const names = [...spec.files.keys()].map((name) => posix.relative(posix.dirname(from), name))
    return `there is no file ${file}; the nearest name is ${mostAlike(path, names)}`
  }
  const member = mostAlike(decodePointer(fragment.split('/')[1] ?? ''), Object.keys(objectOf(known.value)))
  return `${file} has no such member; the nearest name is ${member}`
}

function mostAlike(name: string, candidates: readonly string[]): string {
  const pairs = (text: string) => new Set([...text].map((_, index) => text.slice(index, index + 2)))
  const wanted = pairs(name)
  const score = (candidate: string) => {
    const own = pairs(candidate)
    const shared = [...wanted].filter((pair) => own.has(pair)).length
    return (2 * shared) / (wanted.size + own.size)
  }
  return candidates.toSorted((a, b) => score(b) - score(a))[0] ?? 'none'
}

function componentsAt(key: string): Location {
  return { file: ROOT_FILE, path: ['components', key] }
}

function resolve(spec: Spec, from: string, ref: string): { location: Location; value: unknown } | null {
  const [path = '', fragment = ''] = ref.split('#')
  const file = path === '' ? from : posix.join(posix.dirname(from), path)
  let value = spec.files.get(file)?.value
  const steps = fragment.split('/').slice(1).map(decodePointer)
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null
    value = (value as JsonObject)[step]
  }
  return value === undefined || value === null ? null : { location: { file, path: steps }, value }
}

function decodePointer(step: string): string {
  return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
}

/** The component name of a schema that is a file of its own (`schemas/run-list.yaml` → RunList), else null. */
function schemaName(location: Location): string | null {
  const [first, second, name] = location.path
  if (location.file === ROOT_FILE && first === 'components' && second === 'schemas' && location.path.length === 3) {
    return String(name)
  }
  return location.file.startsWith('schemas/') && location.path.length === 0 ? pascalCase(location.file) : null
}

function pascalCase(file: string): string {
  return posix
    .basename(file, '.yaml')
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
