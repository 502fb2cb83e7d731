import type { MethodTable, OperationId, RouteNode, Routes } from '../../generated/operations.ts'
import { routes as generatedRoutes } from '../../generated/operations.ts'

/** A path that an operation answers, its parameters percent-decoded. */
export interface RouteMatch {
  readonly id: OperationId
  readonly params: Readonly<Record<string, string>>
}

/** A path that exists, but not under the method asked for; `allow` is sorted. */
export interface MethodMismatch {
  readonly allow: readonly string[]
}

export type MatchRoute = (method: string, path: string) => RouteMatch | MethodMismatch | null

/** What a search through the tree collects: the values of the parameters on the way, the methods of dead ends. */
interface Search {
  readonly method: string
  readonly segments: readonly string[]
  readonly values: string[]
  readonly allow: Set<string>
}

/**
 * Makes the function that finds an operation by method and path (no query): O(segments), no regular expression.
 * A literal segment wins over a parameter, HEAD falls to GET, a parameter is never empty, and percent-encoding
 * that is malformed stays as it is. null: nothing is at this path (404).
 */
export function createRouteMatcher(routes: Routes): MatchRoute {
  return (method, path) => {
    const encoded = path.includes('%')
    const segments = path.split('/').slice(1)
    const decoded = encoded ? segments.map(decodeSegment) : segments
    const search: Search = { method, segments: decoded, values: [], allow: new Set() }
    const plain = encoded && !decoded.some((segment) => segment.includes('/')) ? `/${decoded.join('/')}` : path
    const id = Object.hasOwn(routes.static, plain) ? pickMethod(routes.static[plain], search) : null
    if (id !== null) return { id, params: {} }
    const found = descend(routes.dynamic, 0, search)
    if (found) return found
    return search.allow.size > 0 ? { allow: [...search.allow].sort() } : null
  }
}

/** Finds the operation of the spec that answers a method and path. */
export const matchRoute: MatchRoute = createRouteMatcher(generatedRoutes)

function descend(node: RouteNode, depth: number, search: Search): RouteMatch | null {
  const segment = search.segments[depth]
  if (segment === undefined) return arrive(node, search)
  const literal = node.literals && Object.hasOwn(node.literals, segment) ? node.literals[segment] : undefined
  const found = literal && descend(literal, depth + 1, search)
  if (found) return found
  if (!node.parameter || segment === '') return null
  search.values.push(segment)
  const match = descend(node.parameter, depth + 1, search)
  search.values.pop()
  return match
}

function arrive(node: RouteNode, search: Search): RouteMatch | null {
  const id = pickMethod(node.methods, search)
  if (id === null) return null
  const params: Record<string, string> = {}
  for (const [index, name] of (node.names ?? []).entries()) params[name] = search.values[index] ?? ''
  return { id, params }
}

function pickMethod(methods: MethodTable | undefined, { method, allow }: Search): OperationId | null {
  if (!methods) return null
  if (Object.hasOwn(methods, method)) return methods[method] ?? null
  if (method === 'HEAD' && methods.GET) return methods.GET
  for (const name of Object.keys(methods)) allow.add(name)
  if (methods.GET) allow.add('HEAD')
  return null
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
