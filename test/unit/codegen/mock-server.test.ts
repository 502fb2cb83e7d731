import type { Server } from 'node:http'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../../../scripts/codegen/generate.ts'
import { loadSpec } from '../../../scripts/codegen/load.ts'
import { createMockServer } from '../../../scripts/codegen/mock-server.ts'
import type { Operation } from '../../../scripts/codegen/operations.ts'
import { type Schema as Described, exampleOf } from '../../../src/http/mock-answer.ts'
import { ROOT } from './fixtures.ts'

const ir = compile(loadSpec(join(ROOT, 'openapi')))
const ajv = new Ajv2020({
  strict: false,
  formats: { uuid: true, email: true, 'date-time': true, binary: true, int32: true },
})
ajv.addSchema({ $id: 'openapi', components: ir.document.components })

let server: Server
let url: string
beforeAll(async () => {
  // Backwards, so that the order of the spec does not choose between two paths that fit.
  server = await createMockServer({ ...ir, operations: ir.operations.toReversed() })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  url = `http://127.0.0.1:${port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const makeValue = (schema: object) => exampleOf(schema as Described, ir.schemas as Record<string, Described>)

/** A request that the spec allows, put together from its examples. */
function send({ method, path, parameters, body }: Operation, headers: Record<string, string> = {}): Promise<Response> {
  const inPath = path.replaceAll(/\{(\w+)\}/g, (_step, name) =>
    String(makeValue(parameters.find((parameter) => parameter.name === name)?.schema ?? {})),
  )
  const target = new URL(url + inPath)
  for (const { name, in: place, required, schema } of parameters) {
    if (place === 'query' && required) target.searchParams.set(name, String(makeValue(schema)))
  }
  const form = body?.kind === 'multipart' ? new FormData() : undefined
  form?.set('file', new Blob(['x']), 'x')
  const json = body?.kind === 'json' ? JSON.stringify(makeValue(body.schema)) : undefined
  const type: Record<string, string> = json ? { 'content-type': 'application/json' } : {}
  return fetch(target, {
    method,
    redirect: 'manual',
    headers: { ...type, ...headers },
    ...(json || form ? { body: json ?? form ?? null } : {}),
  })
}

describe('the mock server', () => {
  it.each(ir.operations.map((operation) => [operation.id, operation] as const))(
    'answers %s with a valid body',
    async (id, operation) => {
      const response = await send(operation)
      const text = await response.text()
      expect(
        operation.answers.filter(({ reply }) => reply).map(({ status }) => status),
        text,
      ).toContain(response.status)
      expect(response.headers.get('x-mock')).toContain(id)
      const answer = operation.answers.find(({ status }) => status === response.status)
      const type = response.headers.get('content-type')
      const content = answer?.contents.find(({ mediaType }) => mediaType === type)
      if (answer?.contents.length) expect(content).toBeDefined()
      if (!content?.json || content.schema.format === 'binary') return
      const schema = JSON.parse(JSON.stringify(content.schema).replaceAll('"#/components/', '"openapi#/components/'))
      const validate = ajv.compile(schema)
      expect([validate(JSON.parse(text)), validate.errors]).toEqual([true, null])
    },
  )

  const get = (path: string, init: RequestInit = {}) => fetch(url + path, init)
  const json = { method: 'POST', headers: { 'content-type': 'application/json' } }

  it.each([
    ['a parameter', '/api/run?page=x', {}, 400, 'parameter/page must be integer'],
    ['a body', '/api/group', { ...json, body: '{"name":3}' }, 400, 'body/name must be string'],
    ['broken JSON', '/api/group', { ...json, body: '{' }, 400, 'not valid JSON'],
    ['a content type', '/api/group', { method: 'POST', body: 'x' }, 415, "expected ['application/json']"],
    ['a path', '/api/nothing', {}, 404, 'nothing at this path'],
    ['a broken path', '/api/run/%E0%A4%A', {}, 200, ''],
    ['a method', '/api/health', { method: 'DELETE' }, 405, 'does not answer to that method'],
  ])('refuses %s', async (_name, path, init, status, detail) => {
    const response = await get(path, init)
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(detail)])
  })

  it('gives the answer that Prefer asks for, and lets browsers ask', async () => {
    const missing = await get('/api/run/3f2b7a10-9c4d-4e58-8a61-7d5e2c9b0f34', { headers: { prefer: 'code=404' } })
    expect([missing.status, await missing.json()]).toEqual([404, 'Run not found'])
    const preflight = await get('/api/run', { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  })

  it('prefers a path without parameters', async () => {
    expect((await get('/api/widget/types')).headers.get('x-mock')).toContain('getWidgetTypes')
  })
})

it('an example is made of what is written down, else of its parts', () => {
  const schemas: Record<string, Described> = {
    Tree: {
      type: 'object',
      required: ['name', 'leaves'],
      properties: {
        name: { type: 'string' },
        leaves: { type: 'array', items: { $ref: '#/c/Tree' } },
        more: { type: 'string' },
      },
    },
    Known: { type: 'string', examples: ['first', 'second'] },
  }
  expect(exampleOf({ $ref: '#/c/Tree' }, schemas)).toEqual({ name: 'text', leaves: [null] })
  expect(
    exampleOf(
      {
        allOf: [
          { type: 'object', required: ['a'], properties: { a: { enum: [3] } } },
          { type: 'object', required: ['b'], properties: { b: { $ref: '#/c/Known' } } },
        ],
      },
      schemas,
    ),
  ).toEqual({ a: 3, b: 'first' })
  expect(exampleOf({ oneOf: [{ type: 'null' }, { type: 'string' }] }, {})).toBeNull()
})
