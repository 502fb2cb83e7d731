import { pino } from 'pino'
import { createIbutsuClient, type IbutsuClient } from '../../generated/client/client.ts'
import { readConfig } from '../../src/config.ts'
import type { AppContext, Clock } from '../../src/context.ts'
import { seedSuperadmin } from '../../src/features/admin-user/seed-superadmin.ts'
import { AnswerViolation } from '../../src/http/answers.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/listen.ts'
import { startJobWorker } from '../../src/jobs/job-worker.ts'
import { openContext } from '../../src/open-context.ts'
import { createTestDatabase } from './database.ts'

/** What a test sends. `as` is the prefix of an account (`admin` is the superadmin), null sends no token. */
export interface TestRequest {
  readonly as?: string | null
  readonly json?: unknown
  readonly body?: string | Buffer | FormData
  readonly query?: readonly (readonly [string, string])[]
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestAnswer {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly bytes: Buffer
  readonly headers: Headers
  /** The parsed body of a JSON answer; its shape is what the test asserts. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

export interface TestServer {
  readonly url: string
  readonly databaseUrl: string
  readonly ctx: AppContext
  send(method: string, path: string, request?: TestRequest): Promise<TestAnswer>
  /** Makes an active account `<prefix>@example.com` and returns its id; `as: prefix` then speaks for it. */
  addUser(prefix: string): Promise<string>
  /** Makes a project of `as` and returns its id. */
  addProject(name: string, as?: string): Promise<string>
  token(as: string): Promise<string>
  /** A typed client that speaks for an account; null sends no token. */
  client(as?: string | null): Promise<IbutsuClient>
  /** Answers that broke the spec so far, in words. A test that means them takes them out. */
  readonly violations: string[]
  /** @throws Error when there are `violations`: also an answer that no test looked at has to fit the spec */
  close(): Promise<void>
}

/** What a test may set. Answers are always checked, but for `unchecked` servers. */
export type TestSettings = Readonly<Record<string, string>> & { readonly VALIDATE_ANSWERS?: never }

/**
 * The real application on a database of its own. Every answer is checked against the spec: one that breaks it arrives as a
 * 500 that says how, and fails the test's expectation or, at the latest, `close`. `jobs`: a job worker runs on the same
 * context. `unchecked`: answers go out as in production, for tests of how they are sent.
 */
export async function startTestServer(
  settings: TestSettings = {},
  clock?: Clock,
  options: { readonly jobs?: boolean; readonly unchecked?: boolean } = {},
): Promise<TestServer> {
  const database = await createTestDatabase()
  const config = readConfig({
    JWT_SECRET: 'a secret for tests',
    IBUTSU_SUPERADMIN_EMAIL: 'admin@example.com',
    IBUTSU_SUPERADMIN_PASSWORD: 'admin12345',
    BCRYPT_LOG_ROUNDS: '4',
    ACCESS_LOG: 'false',
    DB_POOL_SIZE: '5',
    ...settings,
    VALIDATE_ANSWERS: String(!options.unchecked),
  })
  const violations: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => noteViolation(line, violations) })
  const { ctx, close } = await openContext(config, database.url, log, clock)
  await seedSuperadmin(ctx)
  const worker = options.jobs ? startJobWorker(ctx, { pollMs: 200 }) : undefined
  const web = await listen(await createApp(ctx), 0, '127.0.0.1')
  const url = `http://127.0.0.1:${web.port}`
  const tokens = new Map<string, Promise<string>>()

  const token = (as: string) => {
    const known = tokens.get(as) ?? logIn(url, as)
    tokens.set(as, known)
    return known
  }
  const send = async (method: string, path: string, request: TestRequest = {}): Promise<TestAnswer> => {
    const { as = 'admin', json, body, query = [], headers = {} } = request
    const target = new URL(url + path)
    for (const [name, value] of query) target.searchParams.append(name, value)
    const sent = await fetch(target, {
      method,
      redirect: 'manual',
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${await token(as)}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? (body === undefined ? {} : { body: body as string }) : { body: JSON.stringify(json) }),
    })
    return readAnswer(sent)
  }
  return {
    url,
    databaseUrl: database.url,
    ctx,
    send,
    token,
    async client(as = 'admin') {
      return createIbutsuClient(url, as === null ? {} : { token: await token(as) })
    },
    violations,
    async addUser(prefix) {
      const json = { email: `${prefix}@example.com`, name: prefix, password: passwordOf(prefix), is_active: true }
      const answer = await send('POST', '/api/admin/user', { json })
      if (answer.status !== 201) throw new Error(`cannot add ${prefix}: ${answer.status} ${answer.text}`)
      return answer.body.id
    },
    async addProject(name, as = 'admin') {
      const answer = await send('POST', '/api/project', { as, json: { name, title: name } })
      if (answer.status !== 201) throw new Error(`cannot add ${name}: ${answer.status} ${answer.text}`)
      return answer.body.id
    },
    async close() {
      await web.close()
      await worker?.stop(0)
      await close()
      await database.drop()
      if (violations.length > 0) throw new Error(`answers broke the spec:\n${violations.join('\n')}`)
    },
  }
}

const passwordOf = (prefix: string) => (prefix === 'admin' ? 'admin12345' : `pw-${prefix}-secret`)

function noteViolation(line: string, violations: string[]): void {
  const { err } = JSON.parse(line) as { err?: { type?: string; message: string } }
  if (err?.type === AnswerViolation.name) violations.push(err.message)
}

async function logIn(url: string, as: string): Promise<string> {
  const answer = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${as}@example.com`, password: passwordOf(as) }),
  })
  const { token } = (await answer.json()) as { token?: string }
  if (!token) throw new Error(`${as} cannot log in: ${answer.status}`)
  return token
}

async function readAnswer(sent: Response): Promise<TestAnswer> {
  const bytes = Buffer.from(await sent.arrayBuffer())
  const type = (sent.headers.get('content-type') ?? '').split(';')[0] ?? ''
  const text = bytes.toString()
  return {
    status: sent.status,
    type,
    text,
    bytes,
    headers: sent.headers,
    body: type.endsWith('json') && text ? JSON.parse(text) : undefined,
  }
}

/** Asks until `accept` likes the answer, for at most `timeoutMs`; gives the last answer either way. */
export async function eventually<T>(
  ask: () => Promise<T>,
  accept: (value: T) => boolean,
  timeoutMs = 5_000,
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const value = await ask()
    if (accept(value) || Date.now() > end) return value
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
