import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { FORM_LIMITS, readForm } from '../../../src/multipart/read-form.ts'

const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n'
const tail = '\r\n--b\r\ncontent-disposition: form-data; name="after"\r\n\r\nyes\r\n--b--\r\n'
const headers = { 'content-type': 'multipart/form-data; boundary=b' }

const read = (stream: Readable, store: (content: AsyncIterable<Buffer>) => Promise<unknown>) =>
  readForm(stream, headers, { fields: [{ name: 'after' }], files: [{ name: 'file', maxBytes: 0, store }] }, FORM_LIMITS)

describe('a file that is handed on', () => {
  it('keeps nothing of it, and holds the sender back while its taker is busy', async () => {
    let produced = 0
    function* body() {
      yield Buffer.from(head)
      for (; produced < 200; produced++) yield Buffer.alloc(64 * 1024)
      yield Buffer.from(tail)
    }
    let taken = 0
    let ahead = 0
    const form = await read(Readable.from(body(), { objectMode: false }), async (content) => {
      for await (const chunk of content) {
        await new Promise(setImmediate)
        taken += chunk.length
        ahead = Math.max(ahead, produced * 64 * 1024 - taken)
      }
    })
    expect(taken).toBe(200 * 64 * 1024)
    expect(ahead).toBeLessThan(1024 * 1024)
    expect(form).toMatchObject({ fields: { after: 'yes' }, files: { file: { name: 'x', size: taken } } })
    expect(form.files.file?.bytes.length).toBe(0)
  })

  it('ends with the error of its taker', async () => {
    const body = Readable.from([Buffer.from(head), Buffer.alloc(500_000), Buffer.from(tail)])
    const failing = read(body, async () => Promise.reject(new Error('disk full')))
    await expect(failing).rejects.toThrow('disk full')
  })

  it('tells its taker when the form breaks off', async () => {
    const body = new Readable({ read() {} })
    body.push(head)
    body.push(Buffer.alloc(100_000))
    let told: unknown
    const form = read(body, async (content) => {
      try {
        for await (const _chunk of content) body.destroy()
      } catch (error) {
        told = error
        throw error
      }
    })
    await expect(form).rejects.toThrow('the connection ended before the body did')
    await new Promise(setImmediate)
    expect(told).toBeInstanceOf(Error)
  })
})
