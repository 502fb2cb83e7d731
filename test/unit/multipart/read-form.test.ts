import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/errors.ts'
import { FORM_LIMITS, type Form, type FormLimits, readForm } from '../../../src/multipart/read-form.ts'

const SPEC = {
  files: [{ name: 'file', maxBytes: 1000 }],
  fields: [
    { name: 'filename', type: 'string' },
    { name: 'resultId', type: 'string' },
    { name: 'additionalMetadata', type: 'object' },
  ],
}
const BOUNDARY = 'xYzZY'
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`

interface Part {
  name?: string
  file?: string
  type?: string
  content?: string | Buffer
  disposition?: string
}

function encode(parts: Part[]): Buffer {
  const chunks: Buffer[] = []
  for (const { name, file, type, content = '', disposition } of parts) {
    const named = `form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}`
    const head = [`--${BOUNDARY}`, `Content-Disposition: ${disposition ?? named}`]
    if (type) head.push(`Content-Type: ${type}`)
    chunks.push(Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(content as string), Buffer.from('\r\n'))
  }
  chunks.push(Buffer.from(`--${BOUNDARY}--\r\n`))
  return Buffer.concat(chunks)
}

const read = (body: Buffer, limits?: Partial<FormLimits>, type = TYPE) =>
  readForm(Readable.from([body], { objectMode: false }), { 'content-type': type }, SPEC, { ...FORM_LIMITS, ...limits })

async function refusal(form: Promise<Form>): Promise<string> {
  try {
    await form
  } catch (error) {
    if (error instanceof ApiError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('parts', () => {
  it('reads texts and files', async () => {
    const form = await read(
      encode([
        { name: 'filename', content: 'log.txt' },
        { name: 'file', file: 'blob', type: 'text/x-log', content: Buffer.from([0, 255, 13, 10, 45, 45]) },
        { name: 'resultId', content: '' },
      ]),
    )
    expect(form.fields).toEqual({ filename: 'log.txt', resultId: '' })
    expect(form.files).toEqual({
      file: {
        name: 'blob',
        type: 'text/x-log',
        size: 6,
        bytes: Buffer.from([0, 255, 13, 10, 45, 45]),
        truncated: false,
      },
    })
    expect([...form.repeated, ...form.unnamed]).toEqual([])
  })

  it('reads an empty form and an empty file', async () => {
    expect(await read(encode([]))).toMatchObject({ fields: {}, files: {} })
    const form = await read(encode([{ name: 'file', file: 'a' }]))
    expect(form.files.file).toMatchObject({ size: 0, truncated: false })
  })

  it('skips what the spec does not name', async () => {
    const form = await read(
      encode([
        { name: '__proto__', content: 'x' },
        { name: 'constructor', content: 'x' },
        { name: '__proto__', file: 'x', content: 'x' },
        { name: 'other', file: 'x', content: 'x'.repeat(5000) },
        { disposition: 'form-data', content: 'x' },
        { disposition: 'form-data; filename="x"', content: 'x' },
        { disposition: 'attachment; name="filename"', content: 'x' },
        { name: 'filename', content: 'a' },
      ]),
    )
    expect(Object.entries(form.fields)).toEqual([['filename', 'a']])
    expect(Object.keys(form.files)).toEqual([])
    expect(Object.getPrototypeOf(form.fields)).toBe(Object.prototype)
  })

  it('reads a file part for a text property as text (D20)', async () => {
    const json = '{"a":"é"}'
    for (const file of ['blob', undefined]) {
      const type = file ? 'application/json' : 'application/octet-stream'
      const form = await read(encode([{ name: 'additionalMetadata', file, type, content: json }]))
      expect(form.fields).toEqual({ additionalMetadata: json })
    }
  })

  it('tells a file property without a file from a missing one', async () => {
    for (const part of [
      { name: 'file', file: '', type: 'application/octet-stream' },
      { name: 'file', file: '', content: 'x' },
      { name: 'file', content: 'x' },
      { name: 'file', type: 'application/octet-stream', content: 'x' },
    ]) {
      const form = await read(encode([part]))
      expect(form.files).toEqual({})
      expect([...form.unnamed]).toEqual(['file'])
    }
  })

  it('lets the first of several count and notes repeated files', async () => {
    const form = await read(
      encode([
        { name: 'filename', content: 'first' },
        { name: 'filename', content: 'second' },
        { name: 'filename', file: 'blob', content: 'third' },
        { name: 'file', file: 'a', content: '1' },
        { name: 'file', file: 'b', content: '2' },
      ]),
    )
    expect(form.fields.filename).toBe('first')
    expect(form.files.file?.bytes.toString()).toBe('1')
    expect([...form.repeated]).toEqual(['file'])
  })

  it('reads UTF-8 in values and file names and replaces NUL', async () => {
    const form = await read(
      encode([
        { name: 'filename', content: 'é😀\u0000.txt' },
        { name: 'file', file: 'dir/né"w.xml'.replace('"', '%22'), content: 'x' },
        { name: 'resultId', content: Buffer.from([0x61, 0xff, 0x62]) },
      ]),
    )
    expect(form.fields).toEqual({ filename: 'é😀\uFFFD.txt', resultId: 'a\uFFFDb' })
    expect(form.files.file?.name).toBe('dir/né%22w.xml')
  })

  it('honours the charset of a part', async () => {
    const latin = { name: 'filename', type: 'text/plain; charset=latin1', content: Buffer.from([0xe9]) }
    const half = { name: 'resultId', type: 'text/plain; charset=utf-16le', content: Buffer.from([0x00, 0xd8]) }
    expect((await read(encode([latin, half]))).fields).toEqual({ filename: 'é', resultId: '\uFFFD' })
  })

  it('reads texts that look like boundaries', async () => {
    const content = `--\r\n--${BOUNDARY.slice(1)}\r\n-${BOUNDARY}--\r\nx--${BOUNDARY}--\r\n--`
    expect((await read(encode([{ name: 'filename', content }]))).fields.filename).toBe(content)
  })
})

describe('limits', () => {
  it('takes a text of exactly the limit and no byte more', async () => {
    const text = (bytes: number, file?: string) => encode([{ name: 'filename', file, content: 'x'.repeat(bytes) }])
    expect((await read(text(500_000))).fields.filename).toHaveLength(500_000)
    expect((await read(text(500_000, 'blob'))).fields.filename).toHaveLength(500_000)
    for (const file of [undefined, 'blob']) {
      expect(await refusal(read(text(500_001, file)))).toBe(
        'field_too_large: The form field filename is larger than the limit of 500000 bytes',
      )
    }
    expect(await refusal(read(encode([{ name: 'other', content: 'x'.repeat(500_001) }])))).toContain('field_too_large')
    expect(await refusal(read(encode([{ name: 'filename', content: 'é'.repeat(250_001) }])))).toContain(
      'field_too_large',
    )
  })

  it('cuts a file at its limit and counts on', async () => {
    const file = (bytes: number) => encode([{ name: 'file', file: 'a', content: 'x'.repeat(bytes) }])
    expect((await read(file(1000))).files.file).toMatchObject({ size: 1000, truncated: false })
    const cut = (await read(file(300_000))).files.file
    expect(cut).toMatchObject({ size: 300_000, truncated: true })
    expect(cut?.bytes).toHaveLength(1000)
  })

  it('refuses too large a body by its length or by count', async () => {
    const body = encode([{ name: 'file', file: 'a', content: 'x'.repeat(5000) }])
    expect(await refusal(read(body, { bodyBytes: body.length }))).toBe('accepted')
    expect(await refusal(read(body, { bodyBytes: body.length - 1 }))).toMatch(/^body_too_large: .*5\d\d\d bytes/)
    const headers = { 'content-type': TYPE, 'content-length': String(FORM_LIMITS.bodyBytes + 1) }
    expect(await refusal(readForm(Readable.from([body]), headers, SPEC))).toContain('body_too_large')
  })

  it('refuses too many parts', async () => {
    const body = encode(Array(1200).fill({ name: 'x', content: '1' }))
    expect(await refusal(read(body))).toContain('broken_multipart: The multipart body cannot be read: more than 1000')
  })
})

describe('broken bodies', () => {
  it.each([
    ['no boundary', 'multipart/form-data'],
    ['another multipart', `multipart/mixed; boundary=${BOUNDARY}`],
    ['another boundary', 'multipart/form-data; boundary=other'],
    ['rubbish', 'multipart/form-data; boundary="'],
    ['nothing', ''],
  ])('refuses a content type with %s', async (_title, type) => {
    expect(await refusal(read(encode([{ name: 'filename', content: 'x' }]), {}, type))).toMatch(/^broken_multipart/)
  })

  it.each([
    ['empty', Buffer.alloc(0)],
    ['only text', Buffer.from('hello')],
    ['a header without a colon', Buffer.from(`--${BOUNDARY}\r\nrubbish\r\n\r\nx\r\n--${BOUNDARY}--\r\n`)],
    ['a header cut off', Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-da`)],
    ['an endless header', Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: ${'x'.repeat(100_000)}`)],
  ])('refuses a body that is %s', async (_title, body) => {
    expect(await refusal(read(body))).toMatch(/^broken_multipart/)
  })

  it('refuses a body cut at any byte', async () => {
    const body = encode([
      { name: 'filename', content: 'a.txt' },
      { name: 'file', file: 'blob', type: 'text/plain', content: 'x\r\n--x' },
    ])
    for (let length = 0; length < body.length - 2; length++) {
      expect(await refusal(read(body.subarray(0, length))), `cut at ${length}`).toMatch(/^broken_multipart/)
    }
    expect(await refusal(read(body.subarray(0, body.length - 2)))).toBe('accepted')
  })

  it('reads the same however the body is cut into chunks', async () => {
    const content = Buffer.from(`\r\n--${BOUNDARY.slice(0, -1)}\r\n\r\n--\r`.repeat(8))
    const body = encode([
      { name: 'filename', content: 'é😀.txt' },
      { name: 'file', file: 'blob', content },
      { name: 'additionalMetadata', file: 'blob', content: '{"a":1}' },
    ])
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    for (let round = 0; round < 200; round++) {
      const chunks: Buffer[] = []
      for (let at = 0; at < body.length; ) {
        const length = round === 0 ? 1 : 1 + random(40)
        chunks.push(body.subarray(at, at + length))
        at += length
      }
      const form = await readForm(Readable.from(chunks), { 'content-type': TYPE }, SPEC)
      expect(form.fields).toEqual({ filename: 'é😀.txt', additionalMetadata: '{"a":1}' })
      expect(form.files.file?.bytes.equals(content)).toBe(true)
    }
  })

  it('survives damaged bodies', async () => {
    const body = encode([
      { name: 'filename', content: 'a.txt' },
      { name: 'file', file: 'blob', type: 'text/plain', content: 'abc' },
    ])
    for (let at = 0; at < body.length; at++) {
      for (const byte of [0, 10, 13, 34, 45, 59, 255]) {
        const damaged = Buffer.from(body)
        damaged[at] = byte
        expect(await refusal(read(damaged))).toMatch(/^(accepted|broken_multipart)/)
      }
    }
  })

  it('ends when a stream is destroyed half-way without a word', async () => {
    const stream = new Readable({ read() {} })
    stream.push(encode([]).subarray(0, 5))
    const form = refusal(readForm(stream, { 'content-type': TYPE }, SPEC))
    stream.once('data', () => stream.destroy())
    expect(await form).toContain('the connection ended before the body did')
  })

  it('refuses a stream that was read or destroyed before', async () => {
    const stream = Readable.from([encode([])])
    stream.destroy()
    expect(await refusal(readForm(stream, { 'content-type': TYPE }, SPEC))).toContain('was not received')
  })
})

describe('over a connection', () => {
  let server: Server
  let limits: Partial<FormLimits>
  let outcomes: string[]

  beforeEach(async () => {
    limits = {}
    outcomes = []
    server = createServer(async (req, res) => {
      const outcome = await answer(req)
      outcomes.push(outcome)
      res.end(outcome)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  async function answer(req: IncomingMessage): Promise<string> {
    const outcome = await refusal(readForm(req, req.headers, SPEC, { ...FORM_LIMITS, ...limits }))
    return outcome.split(':')[0] ?? ''
  }

  function open(): Promise<Socket> {
    return new Promise((resolve) => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => resolve(socket))
      socket.on('error', () => {})
    })
  }

  const head = (length: number, type = TYPE) =>
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`

  /** Waits until the answers on a socket end in as many bodies, or the socket closes. */
  function answers(socket: Socket, count: number): Promise<string[]> {
    return new Promise((resolve) => {
      let text = ''
      const bodies = () => [...text.matchAll(/\r\n\r\n([a-z_]+)/g)].map((match) => match[1] ?? '')
      socket.on('data', (chunk) => {
        text += chunk.toString()
        if (bodies().length >= count) resolve(bodies())
      })
      socket.on('close', () => resolve(bodies()))
    })
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve))
  }

  const good = encode([{ name: 'file', file: 'a', content: 'x' }])

  it.each([
    [
      'a broken header',
      {},
      encode([{ name: 'x', content: 'x'.repeat(200_000) }]).fill('?', 10, 30),
      'broken_multipart',
    ],
    ['too large a body', { bodyBytes: 2000 }, encode([{ name: 'x', content: 'x'.repeat(200_000) }]), 'body_too_large'],
    ['too large a field', {}, encode([{ name: 'filename', content: 'x'.repeat(900_000) }]), 'field_too_large'],
    ['a rest after the end', {}, Buffer.concat([good, Buffer.alloc(200_000)]), 'accepted'],
  ])('keeps the connection usable after %s', async (_title, change, body, expected) => {
    limits = change
    const socket = await open()
    const seen = answers(socket, 2)
    socket.write(head(body.length))
    socket.write(body)
    socket.write(head(good.length))
    socket.write(good)
    expect(await seen).toEqual([expected, 'accepted'])
    socket.destroy()
  })

  it('keeps the connection usable after a missing boundary', async () => {
    const socket = await open()
    const seen = answers(socket, 2)
    socket.write(head(good.length, 'multipart/form-data'))
    socket.write(good)
    socket.write(head(good.length))
    socket.write(good)
    expect(await seen).toEqual(['broken_multipart', 'accepted'])
    socket.destroy()
  })

  it('cuts off who goes on sending', async () => {
    limits = { bodyBytes: 2000, drainBytes: 100_000 }
    const socket = await open()
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n')
    socket.write(`Content-Type: ${TYPE}\r\n\r\n`)
    const send = () => {
      while (!socket.destroyed && socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`)) {}
    }
    socket.on('drain', send)
    socket.resume()
    send()
    await closed
    expect(outcomes).toEqual(['body_too_large'])
  })

  it('ends when the client goes away in the middle', async () => {
    const body = encode([{ name: 'file', file: 'a', content: 'x'.repeat(500) }])
    for (const sent of [0, 1, 40, 100, 300, body.length - 5]) {
      outcomes = []
      const socket = await open()
      socket.write(head(body.length))
      socket.write(body.subarray(0, sent), () => socket.destroy())
      await until(() => outcomes.length > 0)
      expect(outcomes).toEqual(['broken_multipart'])
    }
  })

  it('reads bodies that arrive byte by byte', async () => {
    const socket = await open()
    socket.setNoDelay(true)
    const seen = answers(socket, 1)
    socket.write(head(good.length))
    for (const byte of good) await new Promise((resolve) => socket.write(Buffer.from([byte]), resolve))
    expect(await seen).toEqual(['accepted'])
    socket.destroy()
  })
})
