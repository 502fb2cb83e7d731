import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingForNginx, type Nginx, SITE, startNginx } from '../helpers/nginx.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { sendRaw, statusesOf } from './helpers/raw-http.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** What an attacker hides in the body of another request. */
const HIDDEN = 'GET /api/hidden HTTP/1.1\r\nHost: x\r\n\r\n'
const head = (lines: string, method = 'POST') =>
  `${method} /api/login HTTP/1.1\r\nHost: ${SITE}\r\nContent-Type: application/json\r\n${lines}\r\n`

/** Requests whose end two readers could see in different places. Each must be refused, or be read as one request. */
const ambiguous: Readonly<Record<string, string>> = {
  'both framing headers': `${head(`Content-Length: ${HIDDEN.length + 5}\r\nTransfer-Encoding: chunked\r\n`)}0\r\n\r\n${HIDDEN}`,
  'both, the other way round': `${head('Transfer-Encoding: chunked\r\nContent-Length: 3\r\n')}${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`,
  'two different lengths': `${head(`Content-Length: 2\r\nContent-Length: ${HIDDEN.length + 2}\r\n`)}{}${HIDDEN}`,
  'two lengths in one line': `${head(`Content-Length: 2, ${HIDDEN.length + 2}\r\n`)}{}${HIDDEN}`,
  'a length with a sign': `${head('Content-Length: +2\r\n')}{}${HIDDEN}`,
  'a negative length': `${head('Content-Length: -1\r\n')}{}${HIDDEN}`,
  'a length in hex': `${head('Content-Length: 0x2\r\n')}{}${HIDDEN}`,
  'a length that is too large': `${head('Content-Length: 99999999999999999999999\r\n')}{}${HIDDEN}`,
  'an unknown coding': `${head('Transfer-Encoding: xchunked\r\n')}0\r\n\r\n${HIDDEN}`,
  'chunked, then identity': `${head('Transfer-Encoding: chunked, identity\r\n')}0\r\n\r\n${HIDDEN}`,
  'chunked twice': `${head('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n')}0\r\n\r\n${HIDDEN}`,
  'a tab before the value': `${head('Transfer-Encoding:\tchunked\r\nContent-Length: 2\r\n')}0\r\n\r\n${HIDDEN}`,
  'a vertical tab before the value': `${head('Transfer-Encoding:\x0bchunked\r\nContent-Length: 2\r\n')}{}${HIDDEN}`,
  'a blank before the colon': `${head('Transfer-Encoding : chunked\r\nContent-Length: 2\r\n')}{}${HIDDEN}`,
  'a folded header': `${head('X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n')}{}${HIDDEN}`,
  'a header with a bare line feed': `${head('X: y\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n')}{}${HIDDEN}`,
  'a header with a bare carriage return': `${head('X: y\rTransfer-Encoding: chunked\r\nContent-Length: 2\r\n')}{}${HIDDEN}`,
  'a header with a NUL': `${head('X: y\0\r\nContent-Length: 2\r\n')}{}${HIDDEN}`,
  'a header in bold letters': `${head('tRANSFER-eNCODING: cHUNKED\r\nContent-Length: 2\r\n')}0\r\n\r\n${HIDDEN}`,
  'a chunk size with a sign': `${head('Transfer-Encoding: chunked\r\n')}+2\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
  'a chunk size with 0x': `${head('Transfer-Encoding: chunked\r\n')}0x2\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
  'a chunk size that is too large': `${head('Transfer-Encoding: chunked\r\n')}fffffffffffffffff2\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
  'a chunk size with a blank': `${head('Transfer-Encoding: chunked\r\n')}2 \r\n{}\r\n0\r\n\r\n${HIDDEN}`,
  'a chunk ended by a bare line feed': `${head('Transfer-Encoding: chunked\r\n')}2\n{}\r\n0\r\n\r\n${HIDDEN}`,
  'a chunk longer than it says': `${head('Transfer-Encoding: chunked\r\n')}2\r\n{}{}\r\n0\r\n\r\n${HIDDEN}`,
  'an extension with a line feed': `${head('Transfer-Encoding: chunked\r\n')}2;a=b\nxx\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
  'an extension of 100 kB': `${head('Transfer-Encoding: chunked\r\n')}2;${'a'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
  'a trailer that frames': `${head('Transfer-Encoding: chunked\r\n')}2\r\n{}\r\n0\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  'HTTP/1.0 with chunks': `POST /api/login HTTP/1.0\r\nHost: ${SITE}\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
  'a GET with a body': `${head('Content-Length: 2\r\n', 'GET')}{}${HIDDEN}`,
  'HTTP/0.9': `GET /api/hidden\r\n\r\n`,
  'HTTP/2 by prior knowledge': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HIDDEN}`,
  'an upgrade to HTTP/2': `GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n${HIDDEN}`,
  'two hosts': `GET /api/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${HIDDEN}`,
}

/** What is read as one request, and answered as such; all else is a 400. The connection ends after either. */
const ANSWERED: Readonly<Record<string, number>> = {
  'an extension of 100 kB': 413,
  'a GET with a body': 405,
  'HTTP/0.9': 404,
  'an upgrade to HTTP/2': 200,
  'two hosts': 200,
}

const ask = `GET /api/health HTTP/1.1\r\nHost: ${SITE}\r\nConnection: close\r\n\r\n`

describe('requests that end in two places', () => {
  it.each(Object.entries(ambiguous))('%s: the server itself refuses it or reads one end', async (name, bytes) => {
    const raw = await sendRaw(server.url, Buffer.from(bytes, 'latin1'), 700)
    // Never two answers: what follows is not looked at.
    expect(statusesOf(raw)).toEqual([ANSWERED[name] ?? 400])
  })
})

const missing = missingForNginx()

/** What comes back through nginx's TLS until the connection ends. */
function sendTls({ httpsPort, certificate }: Nginx, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: httpsPort, servername: SITE, ca: certificate }, () =>
      socket.write(bytes),
    )
    let answer = ''
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(end, 700)
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk
    })
    socket.on('end', end)
    socket.on('error', end)
  })
}

describe.skipIf(missing)('behind nginx, which shares its connections among clients', () => {
  let nginx: Nginx

  beforeAll(async () => {
    nginx = await startNginx(Number(new URL(server.url).port))
  })
  afterAll(() => nginx.stop())

  it('says that the next visit is to be by TLS as well', async () => {
    expect(await sendTls(nginx, ask)).toMatch(/^strict-transport-security: max-age=31536000\r$/im)
  })

  it.each(Object.entries(ambiguous))('%s: no other client gets the answer to what was hidden', async (_name, bytes) => {
    const attack = sendTls(nginx, Buffer.from(bytes, 'latin1'))
    const others = Array.from({ length: 6 }, () => sendTls(nginx, ask))
    for (const raw of await Promise.all(others)) {
      expect([statusesOf(raw), raw.includes('Service is running')]).toEqual([[200], true])
    }
    for (const status of statusesOf(await attack)) expect(status).not.toBe(500)
    const after = await sendTls(nginx, ask)
    expect([statusesOf(after), after.includes('Service is running')]).toEqual([[200], true])
  })
})
