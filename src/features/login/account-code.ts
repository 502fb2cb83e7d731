import { fail } from '../../errors.ts'
import { newId } from '../../ids/uuid.ts'

/** A new code for a mail: URL-safe base64 of a random UUID's text, 48 characters (access.md 2). */
export function createAccountCode(): string {
  return Buffer.from(newId()).toString('base64url')
}

/**
 * Refuses a code that no mail can have held.
 *
 * @throws ApiError `code_malformed` for what is no URL-safe base64 or decodes to nothing.
 */
export function checkAccountCode(code: string): void {
  const digits = /^([\w-]{2,})={0,2}$/.exec(code)?.[1]
  if (!digits || digits.length % 4 === 1) throw fail('code_malformed', { code: code.slice(0, 100) })
}
