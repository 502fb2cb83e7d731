import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, runSql, type TestDatabase } from '../helpers/database.ts'
import { freePort, type StartOptions, type Supervisor, startSupervisor } from './helpers/supervisor.ts'

let database: TestDatabase
let running: Supervisor | undefined
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
afterEach(() => running?.kill())

/** Starts what cannot run; gives its exit code and the last line that it wrote. */
async function fail(options: StartOptions): Promise<{ code: number | null; line: string; text: string }> {
  running = await startSupervisor({ databaseUrl: database.url, ...options }, { ready: false })
  const { code } = await running.exit
  const text = running.stderr().trim()
  expect(running.workers()).toEqual([])
  return { code, line: text.split('\n').at(-1) ?? '', text }
}

describe('a start that cannot succeed says why in its last line', () => {
  it('a wrong setting, a wrong flag, a wrong command: exit code 2', async () => {
    expect(await fail({ env: { GUNICORN_PROCESSES: 'many' } })).toMatchObject({
      code: 2,
      text: expect.stringMatching(/^GUNICORN_PROCESSES must be a whole number[^\n]*$/),
    })
    expect(await fail({ args: ['--wrokers', '3'] })).toMatchObject({
      code: 2,
      text: expect.stringContaining('--workers'),
    })
    expect(await fail({ command: 'surf' })).toMatchObject({
      code: 2,
      text: expect.stringContaining('no command "surf"'),
    })
  })

  it('no JWT_SECRET: exit code 2', async () => {
    const { code, text } = await fail({ env: { JWT_SECRET: undefined } })
    expect([code, text]).toEqual([2, 'JWT_SECRET must be set: it signs the tokens'])
  })

  it('a port in use: exit code 4', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const port = (holder.address() as { port: number }).port
    const { code, line } = await fail({ env: { PORT: String(port) } })
    holder.close()
    expect([code, line]).toEqual([
      4,
      `Cannot listen on 127.0.0.1:${port}: the address is already in use by another process`,
    ])
  })

  it('no database: tried for DB_WAIT seconds with the reason in the log, exit code 5', async () => {
    const port = await freePort()
    const { code, line, text } = await fail({
      databaseUrl: `postgresql://nobody@127.0.0.1:${port}/none`,
      env: { DB_WAIT: '1' },
    })
    expect(text).toMatch(/\[WARNING\] Waiting for the database: connect ECONNREFUSED/)
    expect([code, line]).toEqual([5, `No database within 1 s (DB_WAIT): connect ECONNREFUSED 127.0.0.1:${port}`])
  })

  it('a wrong password: exit code 6, at once', async () => {
    const url = new URL(database.url)
    url.password = 'wrong'
    const began = performance.now()
    const { code, line } = await fail({ databaseUrl: url.href })
    expect([code, line]).toEqual([
      6,
      expect.stringMatching(/^The database refused the login: password authentication failed/),
    ])
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(line).not.toContain('wrong')
  })

  it('a schema that is newer in a breaking way: exit code 7', async () => {
    const newer = await createTestDatabase()
    try {
      await runSql(newer.url, "insert into ibutsu_ts_migrations values (9999, 'from-the-future', true)")
      const { code, line } = await fail({ databaseUrl: newer.url })
      expect([code, line]).toEqual([7, expect.stringContaining('from-the-future')])
    } finally {
      await newer.drop()
    }
  })
})

it('a stop while it waits for the database ends it at once with exit code 0', async () => {
  const port = await freePort()
  running = await startSupervisor({ databaseUrl: `postgresql://nobody@127.0.0.1:${port}/none` }, { ready: false })
  await running.waitForLine(/Waiting for the database/)
  running.signal('SIGTERM')
  expect(await running.exit).toEqual({ code: 0, signal: null })
})

it('web serves in one process, for a debugger', async () => {
  running = await startSupervisor({ databaseUrl: database.url, command: 'web' })
  expect(running.workers()).toEqual([])
  running.signal('SIGTERM')
  expect(await running.exit).toEqual({ code: 0, signal: null })
})
