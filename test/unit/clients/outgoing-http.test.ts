import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { identifyAtGithub } from '../../../src/clients/github.ts'
import { createOutgoingHttp } from '../../../src/clients/outgoing-http.ts'

const NO_PROXY = { httpProxy: undefined, httpsProxy: undefined, noProxy: undefined }
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(answer: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

function outgoing(settings: { httpProxy?: string; noProxy?: string }, timeoutMs?: number) {
  const http = createOutgoingHttp({ ...NO_PROXY, ...settings }, timeoutMs)
  closing.push(() => void http.close())
  return http
}

describe('requests to other services', () => {
  it('end after a time, whether the answer or its rest stays away', async () => {
    const silent = await serve((req, res) => {
      if (req.url === '/half') res.write('{')
    })
    const http = outgoing({}, 100)
    await expect(http.fetch(`${silent.url}/`, {})).rejects.toThrow(/timeout/)
    const half = await http.fetch(`${silent.url}/half`, {})
    await expect(half.text()).rejects.toThrow()
  })

  it('make a login at a provider that hangs fail in that time', async () => {
    const silent = await serve(() => undefined)
    const provider = {
      issuer: silent.url,
      tokenUrl: `${silent.url}/token`,
      userUrl: `${silent.url}/user`,
      clientId: 'c',
      clientSecret: undefined,
      redirectUri: 'https://tests.example.com',
      verifyTls: true,
    }
    const login = identifyAtGithub(outgoing({}, 100), provider, { code: 'c', verifier: undefined })
    await expect(login).rejects.toThrow(/timeout/)
  })

  it('follow no redirect and read no endless answer', async () => {
    const target = await serve((req, res) => {
      if (req.url === '/moved') res.writeHead(302, { location: '/' }).end()
      else res.end('x'.repeat(1_100_000))
    })
    const http = outgoing({})
    expect((await http.fetch(`${target.url}/moved`, {})).status).toBe(302)
    const endless = http.fetch(`${target.url}/`, {}).then((answer) => answer.text())
    await expect(endless).rejects.toThrow()
  })

  it('unpack no bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20))
    const target = await serve((req, res) => {
      const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
      res.writeHead(200, headers).end(req.url === '/small' ? gzipSync('{"a":1}') : bomb)
    })
    const http = outgoing({})
    expect(await (await http.fetch(`${target.url}/small`, {})).json()).toEqual({ a: 1 })
    expect(bomb.length).toBeLessThan(1_000_000)
    const before = process.memoryUsage().rss
    await expect(http.fetch(`${target.url}/`, {}).then((answer) => answer.text())).rejects.toThrow()
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })

  it('go through the proxy, but for the hosts that need none', async () => {
    const seen: string[] = []
    const target = await serve((req, res) => res.end(`for ${req.headers.host}`))
    const proxy = await serve((_req, res) => res.end('not a tunnel'))
    proxy.server.on('connect', (req, socket: Socket) => {
      seen.push(String(req.url))
      const through = connect(Number(new URL(target.url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(through).pipe(socket)
      })
      socket.on('error', () => through.destroy())
      through.on('error', () => socket.destroy())
      closing.push(() => socket.destroy())
    })
    const through = await outgoing({ httpProxy: proxy.url }).fetch('http://provider.example.com/a', {})
    expect([await through.text(), seen]).toEqual(['for provider.example.com', ['provider.example.com:80']])
    const direct = await outgoing({ httpProxy: proxy.url, noProxy: '127.0.0.1' }).fetch(target.url, {})
    expect([await direct.text(), seen.length]).toEqual([`for ${new URL(target.url).host}`, 1])
  })

  it('take no certificate that nobody vouches for, unless told to', async () => {
    const [key, cert] = await Promise.all(['key', 'cert'].map((name) => readFile(`test/fixtures/tls/${name}.pem`)))
    const server = createTlsServer({ key, cert }, (_req, res) => res.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => {
      server.close()
      server.closeAllConnections()
    })
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const http = outgoing({})
    expect(await (await http.fetch(url, { verifyTls: false })).text()).toBe('hello')
    await expect(http.fetch(url, {})).rejects.toThrow()
  })

  it('ask the environment for nothing', async () => {
    const target = await serve((_req, res) => res.end('direct'))
    process.env.http_proxy = 'http://127.0.0.1:9'
    try {
      expect(await (await outgoing({}).fetch(target.url, {})).text()).toBe('direct')
    } finally {
      delete process.env.http_proxy
    }
  })

  it('keep what the answer lets them keep', async () => {
    let asked = 0
    const target = await serve((_req, res) => {
      asked++
      res.writeHead(200, { 'cache-control': 'public, max-age=60' }).end('keys')
    })
    const http = outgoing({})
    for (let i = 0; i < 3; i++) expect(await (await http.fetch(`${target.url}/keys`, {})).text()).toBe('keys')
    expect(asked).toBe(1)
  })

  it('fail when nobody listens', async () => {
    const gone = createTcpServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => gone.once('listening', resolve))
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    await expect(outgoing({}).fetch(`http://127.0.0.1:${port}`, {})).rejects.toThrow()
  })
})
