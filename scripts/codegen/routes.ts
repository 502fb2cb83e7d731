import type { Operation } from './operations.ts'

interface RouteNode {
  literals?: Record<string, RouteNode>
  parameter?: RouteNode
  methods?: Record<string, string>
  names?: string[]
}

export interface RouteTables {
  static: Record<string, Record<string, string>>
  dynamic: RouteNode
}

/**
 * The paths as two tables: a flat one for paths without parameters, a tree of segments for the others.
 * Paths of one shape name their parameters alike: lint sees to it.
 */
export function toRoutes(operations: readonly Pick<Operation, 'id' | 'method' | 'path'>[]): RouteTables {
  const tables: RouteTables = { static: {}, dynamic: {} }
  for (const { id, method, path } of operations) {
    if (!path.includes('{')) {
      const methods = tables.static[path] ?? {}
      tables.static[path] = { ...methods, [method]: id }
      continue
    }
    const names: string[] = []
    let node = tables.dynamic
    for (const segment of path.split('/').slice(1)) {
      if (segment.startsWith('{')) names.push(segment.slice(1, -1))
      node = stepInto(node, segment)
    }
    node.methods = { ...node.methods, [method]: id }
    node.names = names
  }
  return tables
}

function stepInto(node: RouteNode, segment: string): RouteNode {
  if (segment.startsWith('{')) {
    node.parameter ??= {}
    return node.parameter
  }
  node.literals ??= {}
  const next = Object.hasOwn(node.literals, segment) ? node.literals[segment] : undefined
  if (next) return next
  const created: RouteNode = {}
  node.literals[segment] = created
  return created
}
