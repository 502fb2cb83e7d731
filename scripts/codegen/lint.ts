import { type Bundle, below, isTaken, nameTaken } from './bundle.ts'
import { type Entry, entriesOf, isSecured, type Report } from './entries.ts'
import { isObject, type JsonObject, objectOf, objectsOf } from './json.ts'
import { lintSchemas } from './lint-schemas.ts'
import { type Location, problemAt, ROOT_FILE } from './load.ts'
import type { Problem } from './problem.ts'
import { follow, typesOf } from './schema.ts'

/** What the house refuses in a spec (issue A), and what the emitters cannot compile. All problems, not just the first. */
export function lintSpec(bundled: Bundle): Problem[] {
  const problems: Problem[] = [...bundled.problems]
  const nowhere: Location = { file: ROOT_FILE, path: [] }
  const report: Report = (node, complaint, ...steps) => {
    problems.push(problemAt(bundled.spec, below(bundled.origins.get(node) ?? nowhere, ...steps), complaint))
  }
  const ids = new Map<string, Entry>()
  const shapes = new Map<string, string>()
  const components = objectOf(objectOf(bundled.document.components).schemas)
  for (const entry of entriesOf(bundled.document)) {
    lintTexts(entry, ids, report)
    lintAnswers(entry, bundled.document, report)
    lintParameters(entry, components, report)
    lintBody(entry, report)
    lintShape(entry, shapes, report)
  }
  lintSchemas(bundled.document, report)
  return problems
}

const TEXT_HINTS: Readonly<Record<string, string>> = {
  operationId: 'a camelCase name, which is also its handler',
  summary: 'a few words, as a heading',
  description: 'a sentence about what it does',
}
const STATUS_HINT = 'name every status that it answers, such as 200, 400 and 404'

function lintTexts({ path, method, operation }: Entry, ids: Map<string, Entry>, report: Report): void {
  const name = `${method.toUpperCase()} ${path}`
  for (const key of ['operationId', 'summary', 'description']) {
    if (typeof operation[key] !== 'string' || operation[key] === '')
      report(operation, { message: `${name} has no ${key}`, hint: `add ${key}: ${TEXT_HINTS[key]}` })
  }
  if (!Array.isArray(operation.tags) || typeof operation.tags[0] !== 'string')
    report(operation, {
      message: `${name} has no tag`,
      hint: 'add tags: [ run ]; the tag names the feature folder and the file in paths/',
    })
  const id = operation.operationId
  if (typeof id !== 'string') return
  if (!/^[a-z][A-Za-z0-9]*$/.test(id))
    report(
      operation,
      { message: `operationId ${id} is not camelCase`, hint: 'like getRunList: it names the handler' },
      'operationId',
    )
  if (isTaken(id)) report(operation, nameTaken(id), 'operationId')
  for (const segment of path.split('/').filter(isTaken)) report(operation, nameTaken(segment))
  const other = ids.get(id)
  if (other) {
    const message = `operationId ${id} is taken by ${other.method.toUpperCase()} ${other.path}`
    report(operation, { message, hint: 'each operation has a name of its own' }, 'operationId')
  }
  ids.set(id, { path, method, item: {}, operation })
}

function lintAnswers({ operation }: Entry, document: JsonObject, report: Report): void {
  const responses = objectOf(operation.responses)
  if (Object.keys(responses).length === 0) report(operation, 'the operation has no responses')
  for (const [status, response] of Object.entries(responses)) {
    if (status === 'default')
      report(responses, { message: 'a default answer says nothing: name the statuses', hint: STATUS_HINT }, status)
    else if (!/^[1-5]\d\d$/.test(status))
      report(responses, { message: `${status} is no status: ranges are refused`, hint: STATUS_HINT }, status)
    else if (status.startsWith('5') && !isAllowedFailure(status, operation.operationId)) {
      report(responses, `${status} is refused: a failure of the server is no answer to plan with`, status)
    }
    if (isObject(response) && typeof response.description !== 'string') {
      report(response, `answer ${status} has no description`)
    }
  }
  if (isSecured(document, operation) && !Object.hasOwn(responses, '401')) {
    const hint = "add '401': { $ref: ../responses.yaml#/Unauthorized }, or security: [] when everybody may"
    report(operation, { message: `${String(operation.operationId)} needs a token, but has no 401`, hint })
  }
}

function isAllowedFailure(status: string, id: unknown): boolean {
  return status === '501' || (status === '503' && id === 'getReadiness')
}

function lintParameters({ path, item, operation }: Entry, components: JsonObject, report: Report): void {
  const parameters = [...objectsOf(item.parameters), ...objectsOf(operation.parameters)]
  for (const parameter of parameters) {
    const name = String(parameter.name)
    if (isTaken(name)) report(parameter, nameTaken(name), 'name')
    if (parameter.in !== 'path' && parameter.in !== 'query') {
      report(parameter, `parameter ${name}: only path and query parameters are supported`)
    }
    if (!isObject(parameter.schema) || typesOf(follow(parameter.schema, components)).length === 0) {
      report(parameter, { message: `parameter ${name} has no type`, hint: 'add schema: { type: string }' })
    }
    if (parameter.in === 'path' && parameter.required !== true) {
      report(parameter, `path parameter ${name} is not required: true`)
    }
  }
  const declared = parameters.filter((one) => one.in === 'path').map((one) => String(one.name))
  const named = path.split('/').filter((segment) => segment.includes('{') || segment.includes('}'))
  for (const segment of named) {
    const name = segment.slice(1, -1)
    if (!/^\{[^{}]+\}$/.test(segment)) report(operation, `${path}: a parameter fills a whole segment`)
    else if (!declared.includes(name))
      report(operation, {
        message: `${path}: parameter ${name} is not declared`,
        hint: `add { name: ${name}, in: path, required: true, schema: { type: string } } to its parameters`,
      })
  }
  for (const name of declared) {
    if (!named.includes(`{${name}}`)) report(operation, `${path} has no parameter ${name}`)
  }
}

function lintBody({ operation }: Entry, report: Report): void {
  if (operation.requestBody === undefined) return
  const content = objectOf(objectOf(operation.requestBody).content)
  const types = Object.keys(content)
  if (types.length !== 1 || !['application/json', 'multipart/form-data'].includes(types[0] ?? '')) {
    report(operation, 'a body is either application/json or multipart/form-data', 'requestBody')
  }
  for (const [type, media] of Object.entries(content)) {
    if (!isObject(objectOf(media).schema)) report(operation, `the ${type} body has no schema`, 'requestBody')
  }
}

/** Two paths that differ only in the names of their parameters: which name would a match have? */
function lintShape({ path, operation }: Entry, shapes: Map<string, string>, report: Report): void {
  const shape = path
    .split('/')
    .map((segment) => (segment.startsWith('{') ? '{}' : segment))
    .join('/')
  const other = shapes.get(shape) ?? path
  if (other !== path) report(operation, `${path} has the shape of ${other}: their parameters need the same names`)
  shapes.set(shape, other)
}
