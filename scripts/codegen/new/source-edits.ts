import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ir } from '../operations.ts'
import { Refusal } from '../say.ts'
import { exportedObjects, findAccessRules, findHandlers, parseSource } from '../source-places.ts'
import { addImport, addMember, addToPick, formatSource } from './edit-source.ts'
import { camel, kebab, type OperationPlan, pascal } from './operation-plan.ts'

/** The source files that an operation needs, by their path from the checkout's root; only those that change. */
export function addToSource(root: string, plan: OperationPlan, ir: Ir): Map<string, string> {
  const changed = new Map<string, string>()
  const read = (path: string) =>
    changed.get(path) ?? (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '')
  const { id, tag } = plan
  const folder = `src/features/${tag}`
  if (!findHandlers(root).has(id)) {
    const sql = `${folder}/${tag}-sql.ts`
    const query = queryName(id, read(sql))
    changed.set(sql, addQuery(read(sql), query, plan))
    const path = `${folder}/${tag}-handlers.ts`
    changed.set(path, read(path) === '' ? newHandlers(plan, query) : addHandler(read(path), plan, query))
    const registry = 'src/http/handlers.ts'
    if (!read(registry).includes(`/${tag}-handlers.ts`)) changed.set(registry, register(read(registry), tag))
  }
  if (!findAccessRules(root).has(id)) {
    const table = 'src/access/access-table.ts'
    const tagged = ir.operations.filter((operation) => operation.tag === tag).map((operation) => operation.id)
    changed.set(table, addRow(read(table), id, tagged))
  }
  const test = `test/integration/${kebab(id)}.test.ts`
  if (read(test) === '') changed.set(test, newTest(plan))
  return new Map([...changed].map(([path, text]) => [path, formatSource(path, text)]))
}

const VERBS: Readonly<Record<string, string>> = { get: 'find', add: 'insert', update: 'change', delete: 'remove' }

/** The name of an operation's SQL function, which no other of the file has. */
function queryName(id: string, text: string): string {
  const [, verb = '', rest = ''] = /^([a-z]+)(.*)$/.exec(id) ?? []
  const name = VERBS[verb] && rest !== '' ? VERBS[verb] + rest : `query${pascal(id)}`
  return new RegExp(`\\b${name}\\b`).test(text) ? `query${pascal(id)}` : name
}

function addQuery(text: string, name: string, { id, parameters }: OperationPlan): string {
  const values = parameters.map((parameter) => `_${parameter}: string`)
  const stub = `
/** DECIDE: what ${id} asks the database. */
export async function ${name}(_db: Queryable${values.map((value) => `, ${value}`).join('')}): Promise<never> {
  throw new Unbuilt('${id}')
}
`
  const imported = addImport(text, 'Queryable', '../../db/queryable.ts', true)
  return `${addImport(imported, 'Unbuilt', '../../unbuilt.ts').trimEnd()}\n${stub}`
}

function printHandler({ id, parameters }: OperationPlan, query: string): string {
  const values = parameters.map((parameter) => `, params.${parameter}`).join('')
  return `
  async ${id}(ctx${parameters.length > 0 ? ', { params }' : ''}) {
    // DECIDE: the reply; the compiler knows its statuses and shapes.
    return ${query}(ctx.db${values})
  }`
}

function newHandlers(plan: OperationPlan, query: string): string {
  return `import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { ${query} } from './${plan.tag}-sql.ts'

type Handlers = Pick<OperationHandlers<AppContext, Extras>, '${plan.id}'>

export const ${camel(plan.tag)}Handlers: Handlers = {${printHandler(plan, query).trimStart()},
}
`
}

function addHandler(text: string, plan: OperationPlan, query: string): string {
  const picked = addImport(addToPick(text, plan.id), query, `./${plan.tag}-sql.ts`)
  const [object] = exportedObjects(parseSource('file.ts', picked), /Handlers$/)
  if (!object) throw new Refusal(`src/features/${plan.tag}/${plan.tag}-handlers.ts exports no …Handlers object.`)
  return addMember(picked, object, printHandler(plan, query))
}

function register(text: string, tag: string): string {
  const name = `${camel(tag)}Handlers`
  const imported = addImport(text, name, `../features/${tag}/${tag}-handlers.ts`)
  const [object] = exportedObjects(parseSource('file.ts', imported), /^handlers$/)
  if (!object) throw new Refusal('src/http/handlers.ts exports no handlers.')
  return addMember(imported, object, `...${name}`, (other) => other < name)
}

function addRow(text: string, id: string, tagged: readonly string[]): string {
  const imported = addImport(text, 'decide', './rules.ts')
  const [table] = exportedObjects(parseSource('file.ts', imported), /^accessTable$/)
  if (!table) throw new Refusal('src/access/access-table.ts exports no accessTable.')
  const hasNeighbour = table.properties.some((row) => tagged.includes(row.name?.getText() ?? ''))
  return addMember(imported, table, `${id}: decide`, (name) => !hasNeighbour || tagged.includes(name))
}

function newTest({ id, method, path, parameters, hasBody }: OperationPlan): string {
  const values = parameters.map((name) => `${name}: '00000000-0000-4000-8000-000000000001'`)
  const members = [
    ...(values.length > 0 ? [`params: { path: { ${values.join(', ')} } }`] : []),
    ...(hasBody ? [`body: { decide: 'what is sent' }`] : []),
  ]
  const options = members.length > 0 ? `, { ${members.join(', ')} }` : ''
  return `import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

it('${id} answers what the spec says', async () => {
  const api = await server.client()
  const { response } = await api.${method.toUpperCase()}('/api${path}'${options})
  expect.fail(\`DECIDE: what ${id} answers, and to whom. It answered \${response.status}.\`)
})
`
}
