import { describe, expect, it } from 'vitest'
import { problemsOf } from './fixtures.ts'

const HEAD = `openapi: 3.1.0
info: { title: T, version: '1' }
servers: [ { url: /api } ]
security: [ { bearer: [] } ]
paths:
`
const OK = `    responses:
      '200': { description: Ok., content: { application/json: { schema: { type: string } } } }
      '401': { description: No token. }
`

/** One operation on /thing; lines count from 6 (the path). */
function operation(rest: string, id = 'getThing', path = '/thing'): string {
  return `  ${path}:
    get:
      operationId: ${id}
      summary: S
      description: D
      tags: [ thing ]
${rest.replaceAll(/^/gm, '  ').trimEnd()}
`
}

function lint(paths: string, others: Record<string, string> = {}): string[] {
  return problemsOf({ 'openapi.yaml': HEAD + paths, ...others })
}

function answer(schema: string): string {
  return operation(`    responses:
      '200': { description: Ok., content: { application/json: { schema: ${schema} } } }
      '401': { description: No token. }
`)
}

describe('lint', () => {
  it('passes a plain operation', () => {
    expect(lint(operation(OK))).toEqual([])
  })

  it.each([
    ['default', "'200'", 'default', '13:9: a default answer says nothing: name the statuses'],
    ['ranges', "'200'", "'4XX'", '13:9: 4XX is no status: ranges are refused'],
    ['500', "'200'", "'500'", '13:9: 500 is refused: a failure of the server is no answer to plan with'],
    ['503 elsewhere', "'200'", "'503'", '13:9: 503 is refused: a failure of the server is no answer to plan with'],
    ['a missing 401', "'401'", "'404'", '7:5: getThing needs a token, but has no 401'],
  ])('refuses %s', (_name, from, to, message) => {
    expect(lint(operation(OK.replace(from, to)))).toEqual([`openapi/openapi.yaml:${message}`])
  })

  it('allows 501, and 503 of readiness', () => {
    expect(lint(operation(OK.replace("'200'", "'501'")))).toEqual([])
    expect(lint(operation(OK.replace("'200'", "'503'"), 'getReadiness'))).toEqual([])
  })

  it('asks no 401 of an open operation', () => {
    expect(lint(operation(`    security: []\n${OK.replace("'401'", "'404'")}`))).toEqual([])
  })

  it.each(['operationId', 'summary', 'description', 'tags'])('refuses an operation without %s', (key) => {
    const text = operation(OK)
      .split('\n')
      .filter((line) => !line.startsWith(`      ${key}:`))
      .join('\n')
    expect(lint(text)).toEqual([`openapi/openapi.yaml:7:5: GET /thing has no ${key === 'tags' ? 'tag' : key}`])
  })

  it('refuses an operationId twice', () => {
    expect(lint(operation(OK) + operation(OK, 'getThing', '/other'))).toEqual([
      'openapi/openapi.yaml:17:7: operationId getThing is taken by GET /thing',
    ])
  })

  it.each([
    ['{}', 'an empty schema allows anything: say what the value is'],
    ['{ description: Whatever. }', 'an empty schema allows anything: say what the value is'],
    ['{ type: array }', 'an array without items allows anything'],
    ['{ type: array, items: {} }', 'an empty schema allows anything: say what the value is'],
    ['{ type: string, nullable: true }', "nullable is not OpenAPI 3.1: use type: [..., 'null']"],
  ])('refuses the schema %s', (schema, message) => {
    const [problem, ...others] = lint(answer(schema))
    expect(others).toEqual([])
    expect(problem).toMatch(/^openapi\/openapi\.yaml:13:\d+: /)
    expect(problem).toContain(message)
  })

  it.each([
    '{ type: object, properties: { a: { type: string } } }',
    '{ type: object, additionalProperties: true }',
    '{ type: object, additionalProperties: { type: string } }',
    '{ type: object, x-map: true, additionalProperties: true }',
    '{ type: array, items: { type: object } }',
    "{ oneOf: [ { type: 'null' }, { type: object } ] }",
  ])('refuses the answer %s, open to any key', (schema) => {
    expect(lint(answer(schema))).toEqual([expect.stringContaining('an answer object is open to any key')])
  })

  it.each([
    '{ type: object, x-map: true, additionalProperties: { type: string } }',
    '{ type: object, additionalProperties: false, properties: { metadata: { type: object, additionalProperties: true } } }',
  ])('passes the answer %s', (schema) => {
    expect(lint(answer(schema))).toEqual([])
  })

  it('looks through references, and names the file of the schema', () => {
    const other = { 'schemas/open-thing.yaml': 'type: object\nproperties:\n  a: { $ref: nowhere.yaml }\n' }
    expect(lint(answer('{ $ref: schemas/open-thing.yaml }'), other)).toEqual([
      'openapi/schemas/open-thing.yaml:1:1: an answer object is open to any key: say additionalProperties: false, or x-map: true with a typed one',
      'openapi/schemas/open-thing.yaml:3:8: $ref leads nowhere: nowhere.yaml',
    ])
  })

  it('refuses references that lead back to themselves, and schemas that nothing refers to', () => {
    const others = {
      'responses.yaml': "A: { $ref: '#/B' }\nB: { $ref: '#/A' }\n",
      'schemas/lonely.yaml': 'type: string\n',
    }
    const text = operation(OK.replace("'401': { description: No token. }", "'401': { $ref: responses.yaml#/A }"))
    expect(lint(text, others)).toContain('openapi/responses.yaml:2:6: $ref leads back to itself: #/A')
    expect(lint(text, others)).toContain('openapi/schemas/lonely.yaml:1:1: no operation refers to this schema')
  })

  it('refuses paths whose parameters are unknown, unused, part of a segment, or named twice', () => {
    const declared = '    parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]\n'
    expect(lint(operation(OK, 'getThing', '/thing/{id}'))).toEqual([
      'openapi/openapi.yaml:7:5: /thing/{id}: parameter id is not declared',
    ])
    expect(lint(operation(declared + OK))).toEqual(['openapi/openapi.yaml:7:5: /thing has no parameter id'])
    expect(lint(operation(OK, 'getThing', '/thing/{id}.json'))).toEqual([
      'openapi/openapi.yaml:7:5: /thing/{id}.json: a parameter fills a whole segment',
    ])
    const two = operation(declared + OK, 'getThing', '/thing/{id}')
    const other = operation(declared.replace('id,', 'key,') + OK, 'getOther', '/thing/{key}')
    expect(lint(two + other)).toEqual([
      'openapi/openapi.yaml:17:5: /thing/{key} has the shape of /thing/{id}: their parameters need the same names',
    ])
  })

  it('says where YAML is broken', () => {
    expect(lint('  /thing: {\n')).toEqual([expect.stringMatching(/^openapi\/openapi\.yaml:\d+:\d+: /)])
    expect(problemsOf({})).toEqual(['openapi/openapi.yaml:1:1: no such file'])
  })

  it('refuses names that every object of JavaScript has', () => {
    const refusal = (name: string) => expect.stringContaining(`${name} is a name that every JavaScript object has`)
    const object = (name: string) =>
      answer(`{ type: object, additionalProperties: false, properties: { ${name}: { type: string } } }`)
    expect(lint(object('constructor'))).toEqual([refusal('constructor')])
    expect(lint(object('__proto__'))).toEqual([refusal('__proto__')])
    expect(lint(operation(OK, 'toString'))).toEqual([refusal('toString')])
    expect(lint(operation(OK, 'getThing', '/valueOf'))).toEqual([refusal('valueOf')])
    const parameter = '    parameters: [ { name: __proto__, in: query, schema: { type: string } } ]\n'
    expect(lint(operation(parameter + OK))).toEqual([refusal('__proto__')])
  })

  it('takes the parts of a part of a closed allOf as closed', () => {
    const open = '{ type: object, properties: { a: { type: string } } }'
    const closed = (part: string) => answer(`{ type: object, unevaluatedProperties: false, allOf: [ ${part} ] }`)
    expect(lint(closed(`{ type: object, allOf: [ ${open} ] }`))).toEqual([])
    expect(lint(closed(`{ type: object, properties: { b: ${open} } }`))).toHaveLength(1)
  })
})
