import { entriesOf } from '../entries.ts'
import type { JsonObject } from '../json.ts'
import { Refusal, UsageError } from '../say.ts'

/** An operation that is to be, in the names that the edits need. */
export interface OperationPlan {
  readonly id: string
  /** Lower case. */
  readonly method: string
  /** As the spec has it, without the server's prefix. */
  readonly path: string
  readonly tag: string
  readonly parameters: readonly string[]
  readonly hasBody: boolean
  /** What a success answers. */
  readonly status: 200 | 201
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch']

/** Reads what was asked for. Throws a UsageError for what cannot be a name, a path or a method. */
export function planOperation(asked: { id?: string; path?: string; method?: string; tag?: string }): OperationPlan {
  const { id = '', path = '', method = '', tag = '' } = asked
  if (!/^[a-z][A-Za-z0-9]*$/.test(id)) throw new UsageError(`"${id}" is no operationId: camelCase, like getRunList.`)
  if (!/^(\/([\w.-]+|\{\w+\}))+$/.test(path)) {
    throw new UsageError(`"${path}" is no path: like /run/{id}; a parameter fills a whole segment.`)
  }
  if (path.startsWith('/api/')) throw new UsageError('The server puts /api before its paths: leave it out.')
  if (!METHODS.includes(method.toLowerCase())) throw new UsageError(`"${method}" is none of ${METHODS.join(', ')}.`)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(tag))
    throw new UsageError(`"${tag}" is no tag: kebab-case, like admin-user.`)
  const verb = method.toLowerCase()
  return {
    id,
    method: verb,
    path,
    tag,
    parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
    hasBody: ['put', 'post', 'patch'].includes(verb),
    status: verb === 'post' ? 201 : 200,
  }
}

/** Throws a Refusal when the name or the path with this method is taken. */
export function refuseTaken(plan: OperationPlan, document: JsonObject): void {
  for (const { path, method, operation } of entriesOf(document)) {
    const place = `${method.toUpperCase()} ${path}`
    if (operation.operationId === plan.id) throw new Refusal(`There is an operation ${plan.id} already: ${place}.`)
    if (path === plan.path && method === plan.method) {
      throw new Refusal(`${place} is ${String(operation.operationId)} already.`)
    }
  }
}

/** `runCount` → `RunCount`. */
export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** `admin-user` → `adminUser`. */
export function camel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase())
}

/** `getRunCount` → `get-run-count`. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
