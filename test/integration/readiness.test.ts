import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.close())

const ready = () => server.send('GET', '/api/health/ready', { as: null })

describe('GET /api/health/ready', () => {
  it('is 503 while the server stops', async () => {
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'OK', message: 'Service is ready' } })
    server.ctx.lifecycle.draining = true
    expect(await ready()).toMatchObject({ status: 503, body: { status: 'Error', message: 'The server is stopping' } })
  })

  it('is 503 at once while the database is away, and 200 again after; the liveness page stays', async () => {
    const url = new URL(server.databaseUrl)
    const name = url.pathname.slice(1)
    url.pathname = '/postgres'
    await runSql(
      url.href,
      `alter database ${name} with allow_connections false`,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    )
    const since = performance.now()
    expect(await ready()).toMatchObject({ status: 503, body: { status: 'Error' } })
    expect(performance.now() - since).toBeLessThan(5_000)
    expect((await server.send('GET', '/', { as: null })).status).toBe(302)
    await runSql(url.href, `alter database ${name} with allow_connections true`)
    await expect.poll(async () => (await ready()).status).toBe(200)
  })
})
