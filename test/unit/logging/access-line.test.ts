import { describe, expect, it } from 'vitest'
import { type AccessEntry, combinedLine, jsonFields } from '../../../src/logging/access-line.ts'

const time = '2025-12-09T08:05:03.999Z'
const entry: AccessEntry = {
  at: Date.parse(time),
  id: 'r-1',
  method: 'GET',
  path: '/api/run',
  version: '1.1',
  status: 200,
  bytes: 12,
  ms: 3.0729,
  client: '203.0.113.7',
  user: 'u-1',
  aborted: false,
  referer: undefined,
  userAgent: 'curl/8',
}

describe('a line of the access log', () => {
  it("has gunicorn's default form, then milliseconds and request id", () => {
    expect(combinedLine(entry)).toBe(
      '203.0.113.7 - u-1 [09/Dec/2025:08:05:03 +0000] "GET /api/run HTTP/1.1" 200 12 "-" "curl/8" 3.1 r-1\n',
    )
  })

  it('keeps what a client sends inside its quotes, and no query of the referer', () => {
    const forged = { ...entry, user: null, userAgent: 'x" 1\r\n\\', referer: 'https://h/p?token=t#f', path: '/a"b' }
    expect(combinedLine(forged)).toBe(
      '203.0.113.7 - - [09/Dec/2025:08:05:03 +0000] "GET /a\\x22b HTTP/1.1" 200 12 ' +
        '"https://h/p" "x\\x22 1\\x0d\\x0a\\x5c" 3.1 r-1\n',
    )
  })

  it('is flat in JSON and says when the client left', () => {
    const fields = { time, id: 'r-1', method: 'GET', path: '/api/run', status: 200, bytes: 12, ms: 3.1 }
    expect(jsonFields(entry)).toEqual({ ...fields, client: '203.0.113.7', user: 'u-1' })
    expect(jsonFields({ ...entry, aborted: true })).toMatchObject({ aborted: true })
  })
})
