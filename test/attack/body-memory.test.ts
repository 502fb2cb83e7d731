import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { logIn, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'

/*
 * One account sends bodies of nearly 5 MB over many connections, and none to its end (OWASP API4). Without a bound the web
 * process would hold a gigabyte.
 */
const CONNECTIONS = 200
const BODY_BYTES = 4_900_000

let database: TestDatabase
let server: Supervisor
const sockets: Socket[] = []

beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await server.kill()
  await database.drop()
})

/** Starts the server; gives a token of its superadmin. */
async function start(env: Readonly<Record<string, string>>): Promise<string> {
  const admin = { IBUTSU_SUPERADMIN_EMAIL: 'admin@example.com', IBUTSU_SUPERADMIN_PASSWORD: 'admin12345' }
  server = await startSupervisor({ databaseUrl: database.url, env: { ...admin, ACCESS_LOG: 'false', ...env } })
  return logIn(server.url)
}

const send = (token: string, path: string, json: object) =>
  fetch(new URL(path, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(json),
  })

const memoryOf = (pid: number | undefined) =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** Sends the head of a request and all of its body that the server takes, but for the last byte. */
async function begin(token: string): Promise<void> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  await once(socket, 'connect')
  socket.write(
    `POST /api/result HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${BODY_BYTES}\r\n\r\n`,
  )
  socket.write(body)
}
const body = Buffer.alloc(BODY_BYTES - 1, ' ')

it('bodies that never end take bounded memory, and small ones go on', async () => {
  const token = await start({ BODY_MEMORY: '128Mi' })
  const [web = 0] = server.workers('web')
  const before = memoryOf(web)
  await Promise.all(Array.from({ length: CONNECTIONS }, () => begin(token)))
  // Those of 32 MB have room, the bytes of the others wait with their clients.
  const held = await eventually(
    async () => memoryOf(web) - before,
    (mb) => mb > 250,
    3_000,
  )
  expect(held).toBeGreaterThan(20)
  expect(held).toBeLessThan(250)
  expect((await send(token, '/api/project', { name: 'small', title: 'Small' })).status).toBe(201)
  expect((await send(token, '/api/run', { metadata: { project: 'small' } })).status).toBe(201)
})

/** Sends the head of a run and so much of its body; the answer, and when the connection has ended. */
function beginRun(token: string, json: string, bytes: number) {
  const socket = connect(server.port, '127.0.0.1')
  sockets.push(socket)
  const seen = { socket, answer: '', closed: once(socket, 'close') }
  socket.on('error', () => undefined)
  socket.setEncoding('latin1').on('data', (text: string) => {
    seen.answer += text
  })
  socket.write(
    `POST /api/run HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json.slice(0, bytes)}`,
  )
  return seen
}

it('a large body waits for the one before it, also longer than a silent connection may last', async () => {
  // One account has a quarter: one of these bodies.
  const token = await start({ BODY_MEMORY: '4Mi', SILENCE_TIMEOUT: '1' })
  await send(token, '/api/project', { name: 'takes-turns', title: 'Takes turns' })
  const json = JSON.stringify({ metadata: { project: 'takes-turns', long: 'x'.repeat(700_000) } })
  const first = beginRun(token, json, json.length - 20)
  await sleep(200)
  const second = beginRun(token, json, json.length)
  for (const n of [20, 19, 18, 17, 16, 15, 14, 13]) {
    await sleep(250)
    first.socket.write(json.at(-n) ?? '')
    expect(second.answer).toBe('')
  }
  first.socket.write(json.slice(-12))
  await Promise.all([first.closed, second.closed])
  expect([first.answer.slice(9, 12), second.answer.slice(9, 12)]).toEqual(['201', '201'])
})

it('a body that never ends gives way to the one that waits, and only then', { timeout: 40_000 }, async () => {
  const token = await start({ BODY_MEMORY: '4Mi', SILENCE_TIMEOUT: '1' })
  await send(token, '/api/project', { name: 'gives-way', title: 'Gives way' })
  const json = JSON.stringify({ metadata: { project: 'gives-way', long: 'x'.repeat(700_000) } })
  const first = beginRun(token, json, 600_000)
  const trickle = setInterval(() => first.socket.write('x'), 100)
  try {
    // Five silences go by, and nobody minds.
    await sleep(6_500)
    expect(first.socket.destroyed).toBe(false)
    const second = beginRun(token, json, json.length)
    await Promise.all([first.closed, second.closed])
    expect([first.answer, second.answer.slice(9, 12)]).toEqual(['', '201'])
  } finally {
    clearInterval(trickle)
  }
})
