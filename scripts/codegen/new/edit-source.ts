import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../project.ts'
import { Refusal } from '../say.ts'
import { parseSource } from '../source-places.ts'

/** Adds a named import; one that is there already stays. The formatter sorts. */
export function addImport(text: string, name: string, from: string, isType = false): string {
  const source = parseSource('file.ts', text)
  const imports = source.statements.filter((statement) => ts.isImportDeclaration(statement))
  const same = imports.filter((one) => (one.moduleSpecifier as ts.StringLiteral).text === from)
  for (const one of same) {
    const names = one.importClause?.namedBindings
    if (!names || !ts.isNamedImports(names)) continue
    if (names.elements.some((element) => element.name.text === name)) return text
    const wholeIsType = one.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    if (wholeIsType && !isType) continue
    const last = names.elements.at(-1)?.getEnd() ?? names.elements.pos
    return insertAt(text, last, `, ${isType && !wholeIsType ? 'type ' : ''}${name}`)
  }
  return `import ${isType ? 'type ' : ''}{ ${name} } from '${from}'\n${text}`
}

/** Adds a member as the last one of an object literal, or behind the last one that `isBefore` names. */
export function addMember(
  text: string,
  object: ts.ObjectLiteralExpression,
  member: string,
  isBefore: (name: string) => boolean = () => true,
): string {
  const last = object.properties.filter((property) => isBefore(nameOf(property))).at(-1)
  if (!last) return insertAt(text, object.getStart() + 1, `\n${member},`)
  const end = last.getEnd()
  return insertAt(text, end, `,\n${member}${text[end] === ',' ? '' : ','}`.replace(/,$/, ''))
}

function nameOf(property: ts.ObjectLiteralElementLike): string {
  if (ts.isSpreadAssignment(property)) return property.expression.getText()
  return property.name?.getText() ?? ''
}

/** Adds a name to the second argument of the file's `Pick<OperationHandlers<…>, 'a' | 'b'>`. */
export function addToPick(text: string, name: string): string {
  const source = parseSource('file.ts', text)
  let end = -1
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node) && node.typeName.getText() === 'Pick' && node.typeArguments?.[1]) {
      if (node.typeArguments[0]?.getText().startsWith('OperationHandlers')) end = node.typeArguments[1].getEnd()
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  if (end < 0) throw new Refusal(`The handlers' file has no Pick<OperationHandlers<…>, …> to add ${name} to.`)
  return insertAt(text, end, ` | '${name}'`)
}

export function insertAt(text: string, position: number, added: string): string {
  return text.slice(0, position) + added + text.slice(position)
}

/** The text as `npm run format` leaves it. Throws a Refusal for one that is no TypeScript. */
export function formatSource(path: string, text: string): string {
  const [fault] = ts.transpileModule(text, { reportDiagnostics: true }).diagnostics ?? []
  if (fault) throw new Refusal(`${path} would not compile: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`)
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
  const args = [biome, 'check', '--write', `--stdin-file-path=${path}`]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, input: text, encoding: 'utf8' })
  if (status !== 0 || stdout === '') throw new Refusal(`${path} cannot be formatted: ${stderr.trim()}`)
  return stdout
}
