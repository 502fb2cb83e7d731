import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../src/errors.ts'
import { checkAccountCode, createAccountCode } from '../../../../src/features/login/account-code.ts'

describe('account codes', () => {
  it('are 48 URL-safe characters that hold a UUID', () => {
    const code = createAccountCode()
    expect(code).toMatch(/^[\w-]{48}$/)
    expect(Buffer.from(code, 'base64url').toString()).toMatch(/^[0-9a-f-]{36}$/)
    expect(() => checkAccountCode(code)).not.toThrow()
  })

  it.each(['', '=', 'a', 'abcde', 'ab cd', 'ab/d', '\\x4d7a', 'ab=c', `${createAccountCode()}\n`])(
    '%j is none',
    (code) => {
      expect(() => checkAccountCode(code)).toThrow(ApiError)
    },
  )

  it.each(['ab', 'abc', 'abcd', 'YQ=='])('%j could be one', (code) => {
    expect(() => checkAccountCode(code)).not.toThrow()
  })
})
