import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { ROOT } from './project.ts'

/** Where an operation's handler is: the file from the checkout's root, the line from 1. */
export interface Place {
  readonly file: string
  readonly line: number
}

/** The handlers of all features, by operation: members of the exported `…Handlers` objects. */
export function findHandlers(root = ROOT): Map<string, Place> {
  const places = new Map<string, Place>()
  for (const path of globSync('src/features/*/*-handlers.ts', { cwd: root }).sort()) {
    const source = parseSource(join(root, path))
    for (const object of exportedObjects(source, /Handlers$/)) {
      for (const member of object.properties) {
        if (!member.name) continue
        const { line } = source.getLineAndCharacterOfPosition(member.getStart(source))
        places.set(member.name.getText(source), { file: relative(root, join(root, path)), line: line + 1 })
      }
    }
  }
  return places
}

/** The rows of the access table by operation, as they are written: `member(runOfPath)`. */
export function findAccessRules(root = ROOT): Map<string, string> {
  const source = parseSource(join(root, 'src/access/access-table.ts'))
  const [table] = exportedObjects(source, /^accessTable$/)
  const rows = [...(table?.properties ?? [])].filter((row) => ts.isPropertyAssignment(row))
  return new Map(rows.map((row) => [row.name.getText(source), row.initializer.getText(source)]))
}

export function parseSource(path: string, text = readFileSync(path, 'utf8')): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
}

/** The object literals of exported constants whose name fits, without `as const` and `satisfies` around them. */
export function exportedObjects(source: ts.SourceFile, name: RegExp): ts.ObjectLiteralExpression[] {
  return source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap((statement) => [...statement.declarationList.declarations])
    .filter((declaration) => name.test(declaration.name.getText(source)))
    .flatMap((declaration) => {
      let value = declaration.initializer
      while (value && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value))) value = value.expression
      return value && ts.isObjectLiteralExpression(value) ? [value] : []
    })
}
