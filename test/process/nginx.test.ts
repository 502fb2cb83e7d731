import { randomUUID } from 'node:crypto'
import { Agent, request as httpsRequest } from 'node:https'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Program, startProgram, waitForStatus } from '../container/program.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { freePort, missingForNginx, type Nginx, SITE, startNginx } from '../helpers/nginx.ts'
import { eventually } from '../helpers/server.ts'

const missing = missingForNginx()
if (missing) process.stderr.write(`nginx.test.ts: did not run, because ${missing}\n`)

it.runIf(process.env.CI)('nginx is there where CI runs it', () => {
  expect(missing).toBeUndefined()
})

const MiB = 1024 * 1024
/** Another address of the loopback network, so that the client can be told from nginx. */
const CLIENT = '127.0.0.7'

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: Buffer
}

interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
  /** Whether it came over a connection that an earlier request has used. */
  readonly reused: boolean
}

describe.skipIf(missing)('behind nginx, which terminates TLS', () => {
  let database: TestDatabase
  let server: Program
  let nginx: Nginx
  let agent: Agent
  let token: string
  let project: string

  beforeAll(async () => {
    database = await createTestDatabase()
    const port = await freePort()
    server = startProgram([process.execPath, ['src/start.js', 'serve']], {
      ...process.env,
      SQLALCHEMY_DATABASE_URI: database.url,
      JWT_SECRET: 'a secret for tests',
      IBUTSU_SUPERADMIN_EMAIL: 'admin@example.com',
      IBUTSU_SUPERADMIN_PASSWORD: 'admin12345',
      BCRYPT_LOG_ROUNDS: '4',
      GUNICORN_PROCESSES: '2',
      ROLES: 'web',
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_BIND: '',
      NODE_OPTIONS: '',
      NODE_ENV: '',
    })
    await waitForStatus(`http://127.0.0.1:${port}/api/health/ready`, 200, server)
    nginx = await startNginx(port)
    agent = new Agent({ keepAlive: true, maxSockets: 1, ca: nginx.certificate })
    token = JSON.parse(
      (await send('/api/login', json({ email: 'admin@example.com', password: 'admin12345' }))).text,
    ).token
    project = JSON.parse((await send('/api/project', json({ name: 'nginx', title: 'nginx' }))).text).id
  }, 60_000)
  afterAll(async () => {
    agent?.destroy()
    await nginx?.stop()
    server?.child.kill('SIGTERM')
    await server?.ended
    await database?.drop()
  })

  function send(path: string, { method = 'GET', headers = {}, body }: Asked = {}, by = agent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(
        {
          host: '127.0.0.1',
          port: nginx.httpsPort,
          localAddress: CLIENT,
          servername: SITE,
          agent: by,
          path,
          method,
          headers: {
            host: SITE,
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(body ? { 'content-length': body.length } : {}),
            ...headers,
          },
        },
        (answer) => {
          let text = ''
          answer.on('data', (chunk) => {
            text += chunk
          })
          answer.on('error', reject)
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, reused: sent.reusedSocket }),
          )
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }

  const json = (value: unknown): Asked => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
  })

  function upload(fields: Readonly<Record<string, string>>, bytes: number, file = 'file'): Asked {
    const boundary = `b${randomUUID()}`
    const parts = Object.entries(fields).map(
      ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${file}"; filename="log.xml"\r\nContent-Type: text/plain\r\n\r\n`
    const body = Buffer.concat([
      Buffer.from(parts.join('') + head),
      Buffer.alloc(bytes, 'x'),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    return { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body }
  }

  async function addRun(): Promise<string> {
    const answer = await send('/api/run', json({ metadata: { project } }))
    expect(answer.status, answer.text).toBe(201)
    return JSON.parse(answer.text).id
  }

  /** The line of the access log for a request id. */
  async function logged(id: string): Promise<Record<string, unknown>> {
    await server.waitFor('stdout', new RegExp(`${id}.*\n`))
    const line = server
      .stdout()
      .split('\n')
      .find((text) => text.includes(id))
    return JSON.parse(line ?? '{}')
  }

  it('logs the address of the client, whatever the client says about it', async () => {
    await send('/api/health', { headers: { 'x-request-id': 'plain-1' } })
    expect(JSON.stringify(await logged('plain-1'))).toContain(`"client":"${CLIENT}"`)
    await send('/api/health', {
      headers: {
        'x-request-id': 'forged-1',
        'x-forwarded-for': '203.0.113.9, 198.51.100.1',
        forwarded: 'for=203.0.113.10',
        'x-real-ip': '203.0.113.11',
      },
    })
    expect(JSON.stringify(await logged('forged-1'))).toContain(`"client":"${CLIENT}"`)
    expect(server.stdout()).not.toMatch(/203\.0\.113|198\.51\.100/)
  })

  it('redirects to https and to its public name, whatever the client says about them', async () => {
    const { status, headers } = await send('/api/run/?page=2')
    expect([status, headers.location]).toEqual([307, `https://${SITE}/api/run?page=2`])
    const forged = await send('/api/run/', {
      headers: {
        'x-forwarded-proto': 'http',
        'x-forwarded-host': 'evil.example',
        forwarded: 'host=evil.example;proto=http',
      },
    })
    expect(forged.headers.location).toBe(`https://${SITE}/api/run`)
    const named = await send('/api/run/', { headers: { host: `${SITE}:8443` } })
    expect(named.headers.location).toBe(`https://${SITE}:8443/api/run`)
  })

  it('sends clients of plain HTTP to https', async () => {
    const answer = await fetch(`http://127.0.0.1:${nginx.httpPort}/api/run?page=2`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([301, 'https://127.0.0.1/api/run?page=2'])
  })

  it('takes an artifact of 5 MiB', async () => {
    const runId = await addRun()
    const answer = await send('/api/artifact', upload({ runId, filename: 'log.txt' }, 5 * MiB))
    expect(answer.status, answer.text).toBe(201)
    const { id } = JSON.parse(answer.text)
    expect((await send(`/api/artifact/${id}/download`)).text.length).toBe(5 * MiB)
  })

  it('refuses what is too large itself, in its own words, and the connection goes on', async () => {
    const own = new Agent({ keepAlive: true, maxSockets: 1, ca: nginx.certificate })
    try {
      const runId = await addRun()
      for (const [path, body, status, type, said] of [
        [
          '/api/result',
          json({ test_id: 'x'.repeat(20 * MiB) }),
          413,
          'application/problem+json',
          /limit of 5000000 bytes/,
        ],
        // Too large a file has a status of its own in Ibutsu's interface.
        [
          '/api/artifact',
          upload({ runId, filename: 'log.txt' }, 20 * MiB),
          400,
          'application/json',
          /maximum .* of 5MB/,
        ],
        [
          '/api/artifact',
          upload({ runId, filename: 'log.txt' }, 65 * MiB),
          413,
          'application/problem+json',
          /limit of \d+/,
        ],
      ] as const) {
        const answer = await send(path, body, own)
        expect([answer.status, answer.headers['content-type']]).toEqual([status, type])
        expect(answer.text).toMatch(said)
        const next = await send('/api/health', {}, own)
        expect([next.status, next.reused]).toEqual([200, true])
      }
    } finally {
      own.destroy()
    }
  })

  it('passes an import of 20 MiB on', async () => {
    const answer = await send('/api/import', upload({ project }, 20 * MiB, 'importFile'))
    expect(answer.status, answer.text).toBe(201)
    expect((await send('/api/health')).status).toBe(200)
  })

  it('loses no request in a reload under load', async () => {
    const runId = await addRun()
    const clients = Array.from(
      { length: 8 },
      () => new Agent({ keepAlive: true, maxSockets: 1, ca: nginx.certificate }),
    )
    const results: string[] = []
    const failures: string[] = []
    const asked = { get: 0, post: 0 }
    let going = true
    const load = clients.map(async (client, n) => {
      while (going) {
        const answer = await (n % 2
          ? send('/api/result', json({ test_id: `t${n}`, result: 'passed', metadata: { project, run: runId } }), client)
          : send(`/api/run/${runId}`, {}, client)
        ).catch((error) => ({ status: 0, text: String(error) }))
        asked[n % 2 ? 'post' : 'get']++
        if (n % 2 && answer.status === 201) results.push(JSON.parse(answer.text).id)
        else if (answer.status !== 200) failures.push(`${answer.status} ${answer.text}`)
      }
    })
    const total = () => asked.get + asked.post
    const more = async (requests: number) => {
      const target = total() + requests
      await eventually(
        async () => total(),
        (count) => count >= target,
        20_000,
      )
    }
    const booted = () => [...server.stderr().matchAll(/Booting worker with pid: (\d+)/g)].length
    const exited = () => [...server.stderr().matchAll(/Worker with pid \d+ has ended/g)].length
    try {
      await more(50)
      const [before, gone] = [booted(), exited()]
      server.child.kill('SIGHUP')
      // Both workers are new, and the old ones are gone.
      const fresh = await eventually(
        async () => booted(),
        (count) => count >= before + 2,
        20_000,
      )
      expect(fresh).toBe(before + 2)
      await eventually(
        async () => exited(),
        (count) => count >= gone + 2,
        20_000,
      )
      await more(100)
    } finally {
      going = false
      await Promise.all(load)
      for (const client of clients) client.destroy()
    }
    expect(failures, await nginx.errorLog()).toEqual([])
    expect(asked.get).toBeGreaterThan(25)
    expect(asked.post).toBeGreaterThan(25)
    const { pagination } = JSON.parse((await send(`/api/result?filter=run_id=${runId}&pageSize=1`)).text)
    expect(pagination.totalItems).toBe(results.length)
  }, 60_000)
})
