import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const server = createServer((req, res) => {
  const status = req.url === '/' ? 302 : req.url === '/metrics' ? 200 : 500
  res.writeHead(status).end()
})
/** Answers 200 to everything, which is not what the server says at `/`. */
const stranger = createServer((_req, res) => void res.end())
let port = ''
let strangerPort = ''

beforeAll(async () => {
  for (const each of [server, stranger]) await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))
  port = String((server.address() as AddressInfo).port)
  strangerPort = String((stranger.address() as AddressInfo).port)
})
afterAll(() => {
  server.close()
  stranger.close()
})

async function check(env: Readonly<Record<string, string>>): Promise<{ code: number; said: string }> {
  try {
    await promisify(execFile)(process.execPath, ['src/health-check.js'], { env })
    return { code: 0, said: '' }
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string }
    return { code, said: stderr }
  }
}

it('asks a web container for its first page', async () => {
  expect(await check({ PORT: port })).toEqual({ code: 0, said: '' })
  expect(await check({ PORT: '1', BIND: `0.0.0.0:${port}`, ROLES: 'web,worker' })).toEqual({ code: 0, said: '' })
  const said = `health check: / on port ${strangerPort} answered 200\n`
  expect(await check({ PORT: strangerPort })).toEqual({ code: 1, said })
})

it('asks another one for its metrics, where it has some', async () => {
  const ROLES = 'worker,scheduler'
  expect(await check({ ROLES, METRICS_BIND: `0.0.0.0:${port}` })).toEqual({ code: 0, said: '' })
  expect(await check({ ROLES, METRICS_BIND: port })).toEqual({ code: 0, said: '' })
  expect((await check({ ROLES, METRICS_BIND: '127.0.0.1:1' })).said).toContain(
    '/metrics on port 1: connect ECONNREFUSED',
  )
  expect(await check({ ROLES, METRICS_BIND: '' })).toEqual({ code: 0, said: '' })
})
