import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { beforeAll, describe, expect, it } from 'vitest'
import { operationIds } from '../../../generated/operations.ts'
import { entriesOf } from '../../../scripts/codegen/entries.ts'
import { type JsonObject, objectOf, objectsOf } from '../../../scripts/codegen/json.ts'
import { follow } from '../../../scripts/codegen/schema.ts'
import { createAnswerCheck } from '../../../src/http/answer-check.ts'
import { createMock, type Mock } from '../../../src/http/mock-answer.ts'
import { ROOT } from './fixtures.ts'

const readDocument = () => JSON.parse(readFileSync(join(ROOT, 'generated/openapi.json'), 'utf8'))

interface Example {
  /** Like `addRun body application/json`. */
  readonly place: string
  readonly schema: JsonObject
  readonly value: unknown
}

/** Every example of the document, and the places where neither the operation nor its schema has one and should. */
function examplesOf(document: JsonObject): { examples: Example[]; missing: string[] } {
  const examples: Example[] = []
  const missing: string[] = []
  const schemas = objectOf(objectOf(document.components).schemas)
  const add = (place: string, holder: JsonObject, needed: boolean) => {
    const many = Object.values(objectOf(holder.examples)).map((one) => objectOf(one).value)
    const values = holder.example === undefined ? many : [holder.example, ...many]
    for (const value of values) examples.push({ place, schema: objectOf(holder.schema), value })
    const shared = follow(objectOf(holder.schema), schemas).examples
    if (needed && values.length === 0 && !shared) missing.push(place)
  }
  for (const { operation, item } of entriesOf(document)) {
    const id = String(operation.operationId)
    for (const parameter of [...objectsOf(item.parameters), ...objectsOf(operation.parameters)]) {
      add(`${id} ${parameter.name}`, parameter, false)
    }
    const answers = Object.entries(objectOf(operation.responses))
    for (const [place, holder] of [['body', operation.requestBody], ...answers] as [string, unknown][]) {
      for (const [type, media] of Object.entries(objectOf(objectOf(holder).content))) {
        const isFile = objectOf(objectOf(media).schema).format === 'binary'
        const needed = place === 'body' || (place < '300' && type === 'application/json' && !isFile)
        add(`${id} ${place} ${type}`, objectOf(media), needed)
      }
    }
  }
  for (const [name, schema] of Object.entries(schemas)) {
    for (const value of (objectOf(schema).examples ?? []) as unknown[]) {
      examples.push({ place: name, schema: { $ref: `#/components/schemas/${name}` }, value })
    }
  }
  return { examples, missing }
}

/** Where an example does not fit its schema, with the reason. Formats count: an example should be a true one. */
function wrongExamples(document: JsonObject): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { binary: true, int32: true } })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'openapi', components: document.components })
  const absolute = (schema: JsonObject) =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/'))
  return examplesOf(document).examples.flatMap(({ place, schema, value }) =>
    ajv.validate(absolute(schema), value) ? [] : [`${place}: ${ajv.errorsText()}`],
  )
}

describe('the examples of the spec', () => {
  it('are there for every body that is sent and every JSON answer that is hoped for', () => {
    const document = readDocument()
    expect(examplesOf(document).missing).toEqual([])
    delete document.components.schemas.CreateToken.examples
    delete document.components.schemas.GroupList.examples
    expect(examplesOf(document).missing).toEqual([
      'addToken body application/json',
      'getGroupList 200 application/json',
    ])
  })

  it('fit their schemas', () => {
    const document = readDocument()
    expect(wrongExamples(document)).toEqual([])
    document.components.schemas.Group.examples[0].id = 'seven'
    document.components.schemas.Credentials.examples.push({ email: 'mara@example.com' })
    document.components.schemas.RunInput.properties.duration.type = 'string'
    expect(wrongExamples(document)).toEqual([
      'updateRun body application/json: data/duration must be string',
      "Credentials: data must have required property 'password'",
      'Group: data/id must match format "uuid"',
      'RunInput: data/duration must be string',
    ])
  })
})

describe("openapi-backend's mock", () => {
  const document = readDocument()
  const check = createAnswerCheck(document)
  let mock: Mock
  beforeAll(async () => {
    mock = await createMock(document)
  })

  it.each(operationIds)('answers %s with bodies that fit, for every status that is hoped for', (id) => {
    const { operation } = entriesOf(document).find((entry) => entry.operation.operationId === id) ?? {}
    const hopedFor = Object.keys(objectOf(operation?.responses)).filter((status) => status < '400')
    expect(hopedFor).not.toEqual([])
    for (const prefer of ['', ...hopedFor.map((status) => `code=${status}`)]) {
      const { status, type, body } = mock(id, prefer)
      expect(hopedFor).toContain(String(status))
      expect(body === undefined || typeof body === 'string').toBe(true)
      check(id, status, type ?? null, String(body ?? ''))
    }
  })
})

describe('the spec', () => {
  const document = readDocument()
  const entries = entriesOf(document)
  const byId = new Map(entries.map((entry) => [String(entry.operation.operationId), entry]))

  it('links to operations and parameters that are there', () => {
    const links = entries.flatMap(({ operation }) =>
      Object.values(objectOf(operation.responses)).flatMap((answer) => Object.values(objectOf(objectOf(answer).links))),
    )
    expect(links.length).toBeGreaterThan(30)
    for (const link of links.map(objectOf)) {
      const target = byId.get(String(link.operationId))
      const names = [...objectsOf(target?.item.parameters), ...objectsOf(target?.operation.parameters)].map(
        (one) => one.name,
      )
      expect(names).toEqual(expect.arrayContaining(Object.keys(objectOf(link.parameters))))
      if (link.requestBody) expect(target?.operation.requestBody).toBeDefined()
    }
  })

  it('does not call a file whose type is JSON a text: it is any JSON value', () => {
    for (const id of ['viewArtifact', 'downloadArtifact']) {
      const content = objectOf(objectOf(objectOf(byId.get(id)?.operation.responses)[200]).content)
      expect(objectOf(objectOf(content['application/json']).schema).type).toBeUndefined()
      expect(objectOf(objectOf(content['text/plain']).schema).type).toBe('string')
    }
  })
})
