import { beforeAll, expect, it } from 'vitest'
import { generateFixture, typeCheck } from './fixtures.ts'

const HEAD = `import type { OperationHandlers, OperationReplies } from './handlers.ts'
import type { OperationId } from './operations.ts'
export type Handlers = OperationHandlers<null, Record<OperationId, { readonly subject: string }>>
export type Replies = OperationReplies
declare const handlers: Handlers
`

const GOOD = `export const all: Handlers = {
  ...handlers,
  deleteAnimal: async (_ctx, { params, subject }) => (params.id === subject ? Promise.reject(new Error()) : { status: 204 }),
  getPhoto: async () => ({ status: 200, type: 'image/png', body: Buffer.alloc(0), headers: { etag: 'x' } }),
  addPhoto: async (_ctx, { body }) => ({ status: 201, body: body.caption + body.file.bytes.length }),
  getOdd: async () => ({ status: 302, headers: { location: '/' } }),
}
`
const MISSING = `const { getAnimal: _, ...others } = handlers
export const all: Handlers = { ...others }
`
const UNKNOWN = 'export const all: Handlers = { ...handlers, getUnicorn: async () => null }\n'

const BAD_REPLIES = [
  [
    'a status that the spec lacks',
    'deleteAnimal: async () => ({ status: 205 })',
    "Type '205' is not assignable to type '204'",
  ],
  [
    'an error status, which is thrown',
    "getAnimal: async () => ({ status: 404, body: 'no' })",
    "Type '404' is not assignable to type '200'",
  ],
  [
    'a body of another status',
    'getReadiness: async () => ({ status: 503, body: true })',
    "Type 'boolean' is not assignable to type '{",
  ],
  [
    'a media type that the spec lacks',
    "getPhoto: async () => ({ status: 200, type: 'image/gif', body: '' })",
    `Type '"image/gif"' is not assignable`,
  ],
] as const

// One program for all tries: each is a file of its own beside the generated ones.
let errors: string[]
beforeAll(async () => {
  const replies = BAD_REPLIES.map(([, handler]) => `export const all: Handlers = { ...handlers, ${handler} }\n`)
  const tries = Object.entries({ good: GOOD, missing: MISSING, unknown: UNKNOWN, ...replies })
  const files = tries.map(([name, text]) => [`try-${name}.ts`, HEAD + text] as const)
  errors = typeCheck(new Map([...(await generateFixture()), ...files]))
})

function errorsOf(name: string | number): string[] {
  return errors.filter((error) => error.startsWith(`try-${name}.ts: `))
}

it('a complete set of handlers with replies of the spec compiles', () => {
  expect(errorsOf('good')).toEqual([])
  expect(errors.filter((error) => !error.startsWith('try-'))).toEqual([])
})

it('a missing handler is an error', () => {
  expect(errorsOf('missing')).toEqual([expect.stringContaining("Property 'getAnimal' is missing")])
})

it('a handler of no operation is an error', () => {
  expect(errorsOf('unknown')).toEqual([expect.stringContaining("'getUnicorn' does not exist")])
})

it.each(BAD_REPLIES.map(([name, , message], index) => [name, index, message] as const))(
  'a reply with %s is an error',
  (_name, index, message) => {
    expect(errorsOf(index)).toEqual([expect.stringContaining(message)])
  },
)
