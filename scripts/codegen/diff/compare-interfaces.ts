import { type Entry, entriesOf, isSecured } from '../entries.ts'
import { isObject, type JsonObject, objectOf, objectsOf, textOf } from '../json.ts'
import { serverPath } from '../operations.ts'
import { type Change, collectFindings, type Direction, type Finding } from './changes.ts'
import { type CompareSchemas, createSchemaComparison } from './compare-schemas.ts'

/** Every change of the interface between two bundled documents, and the operations that each reaches. */
export function compareInterfaces(before: JsonObject, after: JsonObject): Finding[] {
  const old = operationsOf(before)
  const now = operationsOf(after)
  const compare = createSchemaComparison(schemasOf(before), schemasOf(after))
  const found: { operation: string; change: Change }[] = []
  for (const [key, operation] of old) {
    if (!now.has(key))
      found.push({ operation: operation.name, change: change(true, 'request', 'operation', 'is gone') })
  }
  for (const [key, operation] of now) {
    const known = old.get(key)
    const changes = known
      ? compareOperations(known, operation, compare)
      : [change(false, 'request', 'operation', 'is new')]
    found.push(...changes.map((one) => ({ operation: operation.name, change: one })))
  }
  return collectFindings(found)
}

interface Described {
  /** `getRun (GET /api/run/{id})`. */
  readonly name: string
  readonly secured: boolean
  readonly parameters: readonly JsonObject[]
  readonly operation: JsonObject
}

function operationsOf(document: JsonObject): Map<string, Described> {
  return new Map(entriesOf(document).map((entry) => describe(entry, document)))
}

/** The key has no names of parameters: a caller does not see them. */
function describe({ path, method, item, operation }: Entry, document: JsonObject): [string, Described] {
  const whole = serverPath(operation.servers ?? item.servers ?? document.servers) + path
  const verb = method.toUpperCase()
  return [
    `${verb} ${whole.replaceAll(/\{[^}]*\}/g, '{}')}`,
    {
      name: `${textOf(operation.operationId)} (${verb} ${whole})`,
      secured: isSecured(document, operation),
      parameters: [...objectsOf(item.parameters), ...objectsOf(operation.parameters)],
      operation,
    },
  ]
}

function schemasOf(document: JsonObject): JsonObject {
  return objectOf(objectOf(document.components).schemas)
}

function change(breaking: boolean, direction: Direction, place: string, text: string): Change {
  return { breaking, direction, place, text }
}

function compareOperations(old: Described, now: Described, compare: CompareSchemas): Change[] {
  const changes: Change[] = []
  if (old.secured !== now.secured) {
    changes.push(change(true, 'request', 'security', now.secured ? 'needs a token now' : 'needs no token any more'))
  }
  if (old.operation.operationId !== now.operation.operationId) {
    changes.push(change(false, 'request', 'operationId', `was ${textOf(old.operation.operationId)}`))
  }
  changes.push(...compareParameters(old.parameters, now.parameters, compare))
  changes.push(...compareBodies(objectOf(old.operation.requestBody), objectOf(now.operation.requestBody), compare))
  changes.push(...compareAnswers(objectOf(old.operation.responses), objectOf(now.operation.responses), compare))
  return changes
}

function compareParameters(
  old: readonly JsonObject[],
  now: readonly JsonObject[],
  compare: CompareSchemas,
): readonly Change[] {
  const [oldByName, nowByName] = [byPlace(old), byPlace(now)]
  const gone = [...oldByName.keys()].filter((place) => !nowByName.has(place))
  const changes = gone.map((place) => change(true, 'request', place, 'is not read any more'))
  for (const [place, parameter] of nowByName) {
    const known = oldByName.get(place)
    const required = parameter.required === true
    if (!known) {
      changes.push(change(required, 'request', place, required ? 'is new and required' : 'is new'))
      continue
    }
    if (known.required !== true && required) changes.push(change(true, 'request', place, 'is required now'))
    if (known.required === true && !required) changes.push(change(false, 'request', place, 'may be left out now'))
    for (const key of ['style', 'explode']) {
      if (known[key] !== parameter[key]) changes.push(change(true, 'request', place, `is written in another ${key}`))
    }
    changes.push(...compare(objectOf(known.schema), objectOf(parameter.schema), 'request', place))
  }
  return changes
}

/** Parameters of the query by name, those of the path by position. */
function byPlace(parameters: readonly JsonObject[]): Map<string, JsonObject> {
  let position = 0
  return new Map(
    parameters.map((parameter) => {
      if (parameter.in === 'path') return [`path parameter ${++position}`, parameter]
      return [`${textOf(parameter.in)} parameter ${textOf(parameter.name)}`, parameter]
    }),
  )
}

function compareBodies(old: JsonObject, now: JsonObject, compare: CompareSchemas): Change[] {
  const [oldTypes, nowTypes] = [objectOf(old.content), objectOf(now.content)]
  const required = now.required === true
  if (Object.keys(oldTypes).length === 0) {
    if (Object.keys(nowTypes).length === 0) return []
    return [change(required, 'request', 'body', required ? 'is new and required' : 'is new')]
  }
  if (Object.keys(nowTypes).length === 0) return [change(true, 'request', 'body', 'is not read any more')]
  const changes: Change[] = []
  if (old.required !== true && required) changes.push(change(true, 'request', 'body', 'is required now'))
  if (old.required === true && !required) changes.push(change(false, 'request', 'body', 'may be left out now'))
  return [...changes, ...compareContents(oldTypes, nowTypes, 'request', 'body', compare)]
}

function compareAnswers(old: JsonObject, now: JsonObject, compare: CompareSchemas): Change[] {
  const gone = Object.keys(old).filter((status) => !Object.hasOwn(now, status))
  const changes = gone.map((status) => change(true, 'answer', status, 'is gone'))
  for (const [status, response] of Object.entries(now)) {
    if (!Object.hasOwn(old, status)) {
      changes.push(change(false, 'answer', status, 'is new'))
      continue
    }
    const [before, after] = [objectOf(old[status]), objectOf(response)]
    const headers = objectOf(after.headers)
    for (const header of Object.keys(objectOf(before.headers))) {
      if (!Object.hasOwn(headers, header)) changes.push(change(true, 'answer', `${status} header ${header}`, 'is gone'))
    }
    changes.push(...compareContents(objectOf(before.content), objectOf(after.content), 'answer', status, compare))
  }
  return changes
}

function compareContents(
  old: JsonObject,
  now: JsonObject,
  direction: Direction,
  place: string,
  compare: CompareSchemas,
): Change[] {
  const changes: Change[] = []
  for (const [type, media] of Object.entries(old)) {
    const at = `${place} ${type}`
    const other = now[type]
    if (isObject(other))
      changes.push(...compare(objectOf(objectOf(media).schema), objectOf(other.schema), direction, at))
    else changes.push(change(true, direction, at, 'is gone'))
  }
  const added = Object.keys(now).filter((type) => !Object.hasOwn(old, type))
  return [...changes, ...added.map((type) => change(false, direction, `${place} ${type}`, 'is new'))]
}
