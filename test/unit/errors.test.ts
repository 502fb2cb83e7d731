import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { operations } from '../../generated/operations.ts'
import { ApiError, type ErrorCode, type ErrorShape, errors, fail } from '../../src/errors.ts'

const rows = Object.entries(errors) as [ErrorCode, (typeof errors)[ErrorCode]][]

/** Content types that an error of a shape may have, as the spec names them. */
const typesOf: Readonly<Record<ErrorShape, readonly string[]>> = {
  text: ['application/json', 'text/plain', 'text/html'],
  problem: ['application/problem+json'],
  login: ['application/json'],
}

/**
 * Errors that no operation of the spec lists: they meet requests that reach none, or they are failures of the server,
 * which the spec does not promise.
 */
const outsideSpec = new Set<ErrorCode>([
  'path_not_found',
  'method_not_allowed',
  'internal',
  'spec_violation',
  'database_away',
  'database_read_only',
])

describe('docs/errors.md', () => {
  it('lists each error as the table has it, in its order, and nothing else', async () => {
    const text = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8')
    const documented = text.split('\n').filter((line) => line.startsWith('| `'))
    expect(documented).toEqual(
      rows.map(([code, { status, shape, message }]) => `| \`${code}\` | ${status} | ${shape} | ${message} |`),
    )
  })
})

describe('the spec', () => {
  it('has an operation that answers each error, with a type of its shape', () => {
    const answered = new Set(
      Object.values(operations).flatMap(({ responses }) =>
        Object.entries(responses).flatMap(([status, types]) => types.map((type) => `${status} ${type}`)),
      ),
    )
    const missing = rows
      .filter(([, { status, shape }]) => !typesOf[shape].some((type) => answered.has(`${status} ${type}`)))
      .map(([code]) => code)
    expect(missing.filter((code) => !outsideSpec.has(code))).toEqual([])
  })

  it('lists no status of a refusal that no error has', () => {
    const known = new Set(rows.map(([, { status }]) => status))
    const listed = new Set(Object.values(operations).flatMap(({ responses }) => Object.keys(responses).map(Number)))
    expect([...listed].filter((status) => status >= 400 && !known.has(status as never))).toEqual([])
  })
})

describe('fail', () => {
  it('fills the placeholders of the message, and leaves those it has nothing for', () => {
    expect(fail('unsupported_media_type', { type: 'text/css' }).message).toBe(
      'Invalid Content-type (text/css), expected {expected}',
    )
    expect(fail('invalid_id', { id: '{id}' }).message).toBe('ID: {id} is not a valid UUID')
  })

  it('carries code, row and headers', () => {
    const error = fail('method_not_allowed', {}, { allow: 'GET' })
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code: 'method_not_allowed', headers: { allow: 'GET' }, row: { status: 405 } })
  })
})

describe('the table', () => {
  it('logs what a person must look at as an error, and refusals as info', () => {
    for (const [code, { status, level }] of rows) {
      expect(level === 'error', code).toBe(status === 500 || status === 503)
    }
  })

  it('has a code member for each login error and for no other', () => {
    for (const [code, row] of rows) expect('loginCode' in row, code).toBe(row.shape === 'login')
  })
})
