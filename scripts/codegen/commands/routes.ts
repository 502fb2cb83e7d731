import { parseArgs } from 'node:util'
import { compile } from '../generate.ts'
import { loadSpec } from '../load.ts'
import { FOLDER_OPTIONS, foldersOf, shown } from '../project.ts'
import { printTable, say } from '../say.ts'
import { findAccessRules, findHandlers } from '../source-places.ts'

export const ROUTES_HELP = `ibutsu-codegen routes [--json]
  The operations: method, path, name, who may call it, and the handler's file and line.`

export async function runRoutes(argv: readonly string[]): Promise<number> {
  const options = { spec: FOLDER_OPTIONS.spec, json: { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args: [...argv], options })
  const { spec } = foldersOf(values)
  const rules = findAccessRules()
  const handlers = findHandlers()
  const routes = compile(loadSpec(spec, shown(spec))).operations.map(({ id, method, path }) => {
    const place = handlers.get(id)
    return {
      method,
      path,
      operation: id,
      access: rules.get(id) ?? 'none',
      handler: place ? `${place.file}:${place.line}` : 'none',
    }
  })
  if (values.json) say(JSON.stringify(routes, null, 2))
  else
    say(
      printTable([
        ['method', 'path', 'operation', 'access', 'handler'],
        ...routes.map((route) => Object.values(route)),
      ]),
    )
  return 0
}
