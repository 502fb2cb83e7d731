import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  readonly kind: 'server' | 'client' | 'other'
  readonly failed: boolean
  readonly attributes: Readonly<Record<string, string | number>>
}

export interface OtlpReceiver {
  readonly url: string
  readonly spans: ReceivedSpan[]
  /** Attributes of the resource of the last batch. */
  resource(): Readonly<Record<string, string | number>>
  close(): Promise<void>
}

/** A collector of traces: takes OTLP over HTTP in protobuf and keeps the spans. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  let resource: ReceivedSpan['attributes'] = {}
  const server = createServer(async (req, res) => {
    const body = await buffer(req)
    if (req.url !== '/v1/traces' || req.headers['content-type'] !== 'application/x-protobuf') {
      res.writeHead(404).end()
      return
    }
    for (const resourceSpans of messages(body, 1)) {
      resource = attributesOf(messages(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1)
      for (const scope of messages(resourceSpans, 2)) spans.push(...messages(scope, 2).map(readSpan))
    }
    res.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    resource: () => resource,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Field numbers: opentelemetry/proto/trace/v1/trace.proto. */
function readSpan(span: Buffer): ReceivedSpan {
  const text = (field: number, encoding: BufferEncoding) => messages(span, field)[0]?.toString(encoding) ?? ''
  const kind = numbers(span, 6)[0]
  return {
    traceId: text(1, 'hex'),
    spanId: text(2, 'hex'),
    parentSpanId: text(4, 'hex'),
    name: text(5, 'utf8'),
    kind: kind === 2 ? 'server' : kind === 3 ? 'client' : 'other',
    failed: messages(span, 15).some((status) => numbers(status, 3)[0] === 2),
    attributes: attributesOf(span, 9),
  }
}

function attributesOf(message: Buffer, field: number): Record<string, string | number> {
  return Object.fromEntries(
    messages(message, field).map((pair) => {
      const value = messages(pair, 2)[0] ?? Buffer.alloc(0)
      return [messages(pair, 1)[0]?.toString() ?? '', messages(value, 1)[0]?.toString() ?? numbers(value, 3)[0] ?? '']
    }),
  )
}

const messages = (message: Buffer, field: number) =>
  fieldsOf(message).flatMap(({ number, value }) => (number === field && typeof value !== 'number' ? [value] : []))
const numbers = (message: Buffer, field: number) =>
  fieldsOf(message).flatMap(({ number, value }) => (number === field && typeof value === 'number' ? [value] : []))

/** The fields of one protobuf message; fixed ones (times) are skipped. */
function fieldsOf(message: Buffer): { number: number; value: number | Buffer }[] {
  const fields: { number: number; value: number | Buffer }[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++] ?? 0
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const number = Math.floor(tag / 8)
    if (tag % 8 === 0) fields.push({ number, value: varint() })
    else if (tag % 8 === 2) {
      const length = varint()
      fields.push({ number, value: message.subarray(at, at + length) })
      at += length
    } else at += tag % 8 === 1 ? 8 : 4
  }
  return fields
}
