import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { AppContext } from '../../../src/context.ts'
import type { Exchange } from '../../../src/http/exchange.ts'
import { readRequestBody } from '../../../src/http/request-body.ts'

const ctx = { config: { maxJsonBytes: 1000 } } as AppContext
const spec = { kind: 'json', required: true, stream: false, anyType: false, files: [], fields: [] } as const

describe('readRequestBody', () => {
  it('takes a client that hangs up for what it is, not for a failure of ours', async () => {
    const req = new PassThrough()
    const exchange = { req, headers: { 'content-type': 'application/json' } } as unknown as Exchange
    const body = readRequestBody(ctx, exchange, { body: spec, secured: true }, null)
    req.write('{"a')
    req.destroy(new Error('aborted'))
    await expect(body).rejects.toMatchObject({ code: 'broken_json' })
  })
})
