import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { operations } from '../../generated/operations.ts'
import { type AnswerCheck, AnswerViolation } from './answers.ts'

interface MediaType {
  schema?: { format?: string }
}
interface Definition {
  components: { schemas: Record<string, object> }
  paths: Record<
    string,
    Record<string, { operationId?: string; responses?: Record<string, { content?: Record<string, MediaType> }> }>
  >
}

/**
 * Checks answers against the spec, for development and tests: that the operation has the status and the content type,
 * and that a JSON body fits its schema. It reads the bundled document itself, so that it doubts the generated code too.
 *
 * @returns a function that throws AnswerViolation.
 */
export function createAnswerCheck(definition: Definition): AnswerCheck {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: { uuid: true, email: true, 'date-time': true, binary: true, int32: true },
  })
  ajv.addSchema({ $id: 'openapi', components: definition.components })
  const compiled = new Map<string, ValidateFunction>()
  const byId = new Map(
    Object.values(definition.paths)
      .flatMap((item) => Object.values(item))
      .filter((operation) => operation?.operationId)
      .map((operation) => [operation.operationId, operation]),
  )
  return (id, status, type, body) => {
    const wrong = (what: string) => new AnswerViolation(`${id} ${operations[id].path} answered ${status}: ${what}`)
    const response = byId.get(id)?.responses?.[status]
    if (!response) throw wrong('the spec has no such status')
    const bare = type?.split(';')[0]
    if (!bare) {
      if (response.content) throw wrong('the spec has a body here')
      return
    }
    const schema = response.content?.[bare]?.schema
    if (!schema) throw wrong(`the spec has no ${bare} here`)
    if (!bare.endsWith('json') || schema.format === 'binary') return
    const key = `${id} ${status} ${bare}`
    const validate = compiled.get(key) ?? ajv.compile(absolute(schema))
    compiled.set(key, validate)
    if (!validate(readJson(body, wrong)))
      throw wrong(ajv.errorsText(validate.errors, { dataVar: 'answer', separator: '; ' }))
  }
}

function readJson(body: string | Buffer, wrong: (what: string) => AnswerViolation): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw wrong('it is not JSON')
  }
}

/** The schema with its references pointing into the document that Ajv knows. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/'))
}
