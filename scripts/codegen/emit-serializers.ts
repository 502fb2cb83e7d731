import { block, file, HEADER, key, lines } from './code.ts'
import type { Answer, Content, Ir, Operation } from './operations.ts'
import { refuse } from './problem.ts'
import { isNullable, refName } from './schema.ts'
import { createPrinter, type Printer } from './serializer-printer.ts'
import { responseType } from './type-names.ts'

const TABLE_TYPE = `/** How the table is read when the operation is known only at run time. */
export type Serializers = Readonly<Record<OperationId, Readonly<Record<number, (body: never) => string>>>>`

/**
 * serializers.ts: one function per schema that an answer holds, and a table of those by operation and status.
 * Objects are closed and complete (lint sees to it), so an object is one concatenation in the order of its properties.
 */
export function emitSerializers(ir: Ir): string {
  const printer = createPrinter(ir)
  const table = ir.operations.map((operation) => printOperation(operation, printer))
  const { functions, helpers, problems } = printer.finish()
  refuse(problems)
  const body = [...table, ...functions].join('\n')
  return file(
    HEADER,
    lines(
      body.includes('RawJson') && "import type { RawJson } from '../src/json/raw-json.ts'",
      "import type { OperationId } from './operations.ts'",
      importTypes(body),
    ),
    ...helpers,
    ...functions,
    TABLE_TYPE,
    block('export const serializers = {', table, '} as const satisfies Serializers'),
  )
}

function importTypes(body: string): string | false {
  const names = ['components', 'operations'].filter((name) => body.includes(`${name}[`))
  return names.length > 0 && `import type { ${names.join(', ')} } from './types.ts'`
}

function printOperation(operation: Operation, printer: Printer): string {
  const answers = operation.answers.flatMap((answer) => {
    const content = jsonContent(answer)
    return content ? [`${answer.status}: ${printAnswer(operation, answer, content, printer)},`] : []
  })
  return `${block(`${key(operation.id)}: {`, answers)},`
}

function printAnswer(operation: Operation, answer: Answer, content: Content, printer: Printer): string {
  if (refName(content.schema) !== null && !isNullable(content.schema)) return printer.functionOf(content.schema)
  const type = responseType(operation.id, answer.status, content.mediaType)
  const name = `${operation.id}${answer.status}`
  return `(body: ${type}): string => ${printer.expression(content.schema, 'body', type, name)}`
}

/** The JSON body of a reply: `application/json` where there are several. */
function jsonContent(answer: Answer): Content | undefined {
  if (!answer.reply || answer.bytes) return undefined
  const json = answer.contents.filter((content) => content.json)
  return json.find((content) => content.mediaType === 'application/json') ?? json[0]
}
