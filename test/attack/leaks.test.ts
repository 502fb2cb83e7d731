import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, runSql, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { freePort, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { sendRaw } from './helpers/raw-http.ts'

/** What must stand nowhere but where its owner has sent it. */
const secrets = {
  password: 'pass-word-Secret-1',
  wrongPassword: 'wr0ng-Secret-pass-2',
  jwtSecret: 'the-Secret-of-tokens-3',
  adminPassword: 'admin-Secret-pass-4',
  queryToken: 'eyJhbGciOiJIUzI1NiJ9.query-Secret-token-5.c2lnbmF0dXJl',
  code: 'c0de-of-a-Secret-login-6',
  cookie: 'c00kie-Secret-7',
  clientSecret: 'client-Secret-8',
  redisPassword: 'redis-Secret-9',
  mailPassword: 'mail-Secret-10',
}

let database: TestDatabase
let metricsPort: number

beforeAll(async () => {
  database = await createTestDatabase()
  metricsPort = await freePort()
})
afterAll(() => database.drop())

async function start(format: string): Promise<Supervisor> {
  return startSupervisor({
    databaseUrl: database.url,
    env: {
      ROLES: 'web,worker',
      LOG_FORMAT: format,
      ACCESS_LOG: '-',
      LOG_LEVEL: 'trace',
      JWT_SECRET: secrets.jwtSecret,
      IBUTSU_SUPERADMIN_PASSWORD: secrets.adminPassword,
      METRICS_BIND: `127.0.0.1:${metricsPort}`,
      GITHUB_CLIENT_ID: 'id',
      GITHUB_CLIENT_SECRET: secrets.clientSecret,
      GITHUB_TOKEN_URL: 'http://127.0.0.1:1/token',
      CELERY_BROKER_URL: `redis://:${secrets.redisPassword}@127.0.0.1:1/0`,
      MAIL_SERVER: '127.0.0.1',
      MAIL_PORT: '1',
      MAIL_USERNAME: 'mailer',
      MAIL_PASSWORD: secrets.mailPassword,
      MAIL_DEFAULT_SENDER: 'ibutsu@example.com',
    },
  })
}

/** Sends each secret every way that clients, people and mistakes do; gives every answer and the tokens that came back. */
async function tell(server: Supervisor) {
  const answers: string[] = []
  const send = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
    const answer = await fetch(`${server.url}${path}`, { method, headers, body: body ?? null, redirect: 'manual' })
    const text = await answer.text()
    answers.push(`${text}\n${JSON.stringify([...answer.headers])}`)
    return text
  }
  const json = { 'content-type': 'application/json' }
  const login = (email: string, password: string) =>
    send('POST', '/api/login', json, JSON.stringify({ email, password }))
  const { token } = JSON.parse(await login('admin@example.com', secrets.adminPassword)) as { token: string }
  answers.length = 0
  await login('admin@example.com', secrets.wrongPassword)
  await login(secrets.password, secrets.wrongPassword)
  await send('POST', '/api/login', json, `{"email": "admin@example.com", "password": "${secrets.password}"`)
  await send('POST', '/api/login', { 'content-type': 'text/plain' }, secrets.password)
  await send('GET', `/api/user?token=${secrets.queryToken}&access_token=${secrets.queryToken}`)
  await send('GET', `/api/login/auth/github?code=${secrets.code}&state=${secrets.code}`, {
    cookie: `a=${secrets.cookie}`,
  })
  await send('GET', `/api//run?token=${secrets.queryToken}`, {
    referer: `https://x.example/?token=${secrets.queryToken}`,
  })
  answers.pop()
  for (const path of [
    '/api/login/activate/',
    '/api/login/%61ctivate/',
    '/api/login//activat%65/',
    '/api/Login/Activate/',
  ]) {
    await send('GET', `${path}${secrets.code}`)
    // It is told which code is none, or where to ask for it.
    answers.pop()
  }
  await send('GET', '/api/user', { authorization: `Bearer ${secrets.queryToken}`, cookie: `session=${secrets.cookie}` })
  await send('GET', '/admin/queues', {
    authorization: `Basic ${Buffer.from(`admin@example.com:${secrets.password}`).toString('base64')}`,
  })
  await send('POST', '/admin/run-task', json, JSON.stringify({ token: secrets.queryToken, task: 'db.x', params: {} }))
  await send(
    'POST',
    '/api/login/register',
    json,
    JSON.stringify({ email: 'reg@example.com', password: secrets.password }),
  )
  await send('POST', '/api/login/recover', json, JSON.stringify({ email: 'reg@example.com' }))
  await send(
    'POST',
    '/api/login/reset-password',
    json,
    JSON.stringify({ activation_code: 'AAAA', password: secrets.password }),
  )
  const auth = { ...json, authorization: `Bearer ${token}` }
  await send('POST', '/api/admin/user', auth, JSON.stringify({ email: 'new@example.com', password: secrets.password }))
  const made = JSON.parse(
    await send('POST', '/api/user/token', auth, JSON.stringify({ name: 'ci', expires: '2099-01-01T00:00:00' })),
  ) as { token: string }
  answers.pop()
  await send(
    'POST',
    '/admin/run-task',
    json,
    JSON.stringify({ token, task: 'db.prune_old_files', params: { months: 6, token: made.token } }),
  )
  // A failure that nobody expected, in the middle of it all.
  await runSql(database.url, 'alter table groups rename to hidden')
  await send('GET', `/api/group?token=${secrets.queryToken}`, auth)
  await runSql(database.url, 'alter table hidden rename to groups')
  const [row] = await runSql<{ activation_code: string }>(
    database.url,
    "select activation_code from users where email = 'reg@example.com'",
  )
  return { answers, token, apiToken: made.token, activationCode: row?.activation_code ?? '' }
}

describe.each(['json', 'gunicorn'])('with the log as %s', (format) => {
  it('secrets are in no log, no metric, no error and no job', { timeout: 90_000 }, async () => {
    const server = await start(format)
    try {
      const { answers, token, apiToken, activationCode } = await tell(server)
      expect(activationCode).toMatch(/^.{10,}$/)
      await eventually(
        async () => server.stdout().split('\n').length,
        (lines) => lines > 15,
        5_000,
      )
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
      expect(metrics).toContain('http_request')
      const jobs = await runSql<{ all: string }>(
        database.url,
        'select coalesce(string_agg(jobs::text, chr(10)), $$$$) as all from jobs',
      )
      const places = {
        stdout: server.stdout(),
        stderr: server.stderr(),
        metrics,
        jobs: jobs[0]?.all ?? '',
        answers: answers.join('\n'),
      }
      expect(places.stderr).toMatch(/relation .{1,4}groups/)
      const all = {
        ...secrets,
        token,
        apiToken,
        activationCode,
        signature: token.split('.')[2] ?? '',
        basic: Buffer.from(`admin@example.com:${secrets.password}`).toString('base64'),
      }
      const found = Object.entries(places).flatMap(([place, text]) =>
        Object.entries(all)
          .filter(([, secret]) => text.includes(secret))
          .map(
            ([name, secret]) =>
              `${name} in ${place}: ${text.slice(Math.max(0, text.indexOf(secret) - 150), text.indexOf(secret) + 20)}`,
          ),
      )
      expect(found).toEqual([])
    } finally {
      await server.kill()
    }
  })

  it('no request writes a line of its own making', { timeout: 90_000 }, async () => {
    const server = await start(format)
    try {
      const token = await logInAs(server)
      const before = server.stdout().length
      const targets = [
        '/api/health%0a{"level":60,"msg":"forged"}',
        '/api/health%0d%0a127.0.0.1 - admin [forged]',
        '/api/run/\x1b[31mred',
        '/api/health"forged"',
        '/api/\xe2\x80\xa8forged',
        '/api/health\\"forged',
      ]
      for (const target of targets) {
        await sendRaw(
          server.url,
          Buffer.from(
            `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nUser-Agent: a"b\\ \t[31m forged\r\nReferer: "\x9b forged\r\nX-Forwarded-For: "1.2.3.4" forged, 9.9.9.9\r\nX-Request-Id: a"b\r\n\r\n`,
            'latin1',
          ),
        )
      }
      await eventually(
        async () => server.stdout().slice(before).trim().split('\n').length,
        (count) => count >= targets.length,
        5_000,
      )
      const lines = server.stdout().slice(before).trim().split('\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(server.stdout() + server.stderr()).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\x9b]/)
      for (const line of lines) {
        if (format === 'json') expect(Object.keys(JSON.parse(line))).toContain('client')
        else expect(line).toMatch(/^[\d.:a-f]+ - [\da-f-]+ \[[^\]]+\] "[^"]*" \d{3} \d+ "[^"]*" "[^"]*" [\d.]+ [\w-]+$/)
      }
      expect(lines.length).toBeLessThanOrEqual(targets.length)
    } finally {
      await server.kill()
    }
  })
})

async function logInAs(server: Supervisor): Promise<string> {
  const body = JSON.stringify({ email: 'admin@example.com', password: secrets.adminPassword })
  const answer = await fetch(`${server.url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return ((await answer.json()) as { token: string }).token
}
