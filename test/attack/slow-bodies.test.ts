import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

interface Begun {
  /** Sends the rest, and gives the status of the answer. */
  finish(): Promise<number>
}

/** Sends a request but for the last letter of its body. */
async function begin(path: string, as: string, type: string, body: string): Promise<Begun> {
  const { hostname, port } = new URL(server.url)
  const socket: Socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let answer = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk
  })
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${await server.token(as)}\r\n` +
      `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, -1)}`,
  )
  return {
    async finish() {
      socket.write(body.slice(-1))
      if (!socket.closed) await once(socket, 'close')
      return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
    },
  }
}

const form = (fields: Readonly<Record<string, string>>, file: string, name: string, content: string) =>
  `${Object.entries(fields)
    .map(([key, value]) => `--b\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`)
    .join('')}--b\r\ncontent-disposition: form-data; name="${file}"; filename="${name}"\r\n\r\n${content}\r\n--b--\r\n`
const FORM = 'multipart/form-data; boundary=b'
const JUNIT = '<testsuites><testsuite name="s"><testcase name="t"/></testsuite></testsuites>'

/** Requests of an account that is an administrator and has a project, as paths, types and bodies. */
async function requestsOf(as: string) {
  const project = await server.addProject(`of-${as}`, as)
  const result = (await server.send('POST', '/api/result', { as, json: { metadata: { project } } })).body.id
  const email = `made-by-${as}@example.com`
  return [
    ['/api/run', 'application/json', JSON.stringify({ metadata: { project, late: as } })],
    ['/api/admin/user', 'application/json', JSON.stringify({ email, is_superadmin: true, is_active: true })],
    ['/api/artifact', FORM, form({ resultId: result, filename: 'a' }, 'file', 'a', as)],
    ['/api/import', FORM, form({ project }, 'importFile', 'a.xml', JUNIT)],
  ] as const
}

async function addAdmin(prefix: string): Promise<string> {
  const id = await server.addUser(prefix)
  await server.ctx.db.query({ text: 'update users set is_superadmin = true where id = $1', values: [id] })
  server.ctx.callers.clear()
  return id
}

describe('a request whose body takes its time', () => {
  const isSlow = async (since: number) =>
    eventually(
      async () => performance.now() - since,
      (ms) => ms > 300,
    )

  it('is carried out when its sender still may', async () => {
    await addAdmin('may')
    const since = performance.now()
    const begun = await Promise.all(
      (await requestsOf('may')).map(([path, type, body]) => begin(path, 'may', type, body)),
    )
    await isSlow(since)
    expect(await Promise.all(begun.map((one) => one.finish()))).toEqual([201, 201, 201, 201])
  })

  it('is not when the sender was shut out meanwhile', async () => {
    const id = await addAdmin('out')
    const requests = await requestsOf('out')
    const since = performance.now()
    const begun = await Promise.all(requests.map(([path, type, body]) => begin(path, 'out', type, body)))
    await isSlow(since)
    const json = { email: 'out@example.com', is_active: false }
    expect((await server.send('PUT', `/api/admin/user/${id}`, { json })).status).toBe(200)
    expect(await Promise.all(begun.map((one) => one.finish()))).toEqual([401, 401, 401, 401])
    const { rows } = await server.ctx.db.query({
      text: `select from users where email like 'made-by-out%' union all select from import_chunks
        where import_id not in (select id from imports)`,
    })
    expect(rows).toEqual([])
  })

  it('is not when the sender has left the project meanwhile', async () => {
    const member = await server.addUser('member')
    const project = await server.addProject('left')
    const put = (users: string[]) => server.send('PUT', `/api/admin/project/${project}`, { json: { users } })
    expect((await put(['member@example.com'])).status).toBe(200)
    const since = performance.now()
    const begun = [
      await begin('/api/run', 'member', 'application/json', JSON.stringify({ metadata: { project } })),
      await begin('/api/import', 'member', FORM, form({ project }, 'importFile', 'a.xml', JUNIT)),
    ]
    await isSlow(since)
    expect((await put(['admin@example.com'])).body.users?.map(({ id }: { id: string }) => id) ?? []).not.toContain(
      member,
    )
    expect(await Promise.all(begun.map((one) => one.finish()))).toEqual([403, 403])
  })
})
