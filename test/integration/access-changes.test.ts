import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Caller } from '../../src/access/caller.ts'
import { CallerCache } from '../../src/access/caller-cache.ts'
import { followAccessChanges } from '../../src/access/follow-access-changes.ts'
import { readConfig } from '../../src/config.ts'
import { createDatabase, type Database } from '../../src/db/database.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/listen.ts'
import { type OpenContext, openContext } from '../../src/open-context.ts'
import { runSql } from '../helpers/database.ts'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

const nobody: Caller = {
  id: '',
  email: '',
  name: null,
  isSuperadmin: false,
  projects: new Map(),
  defaultProjectId: null,
}
const SECRET = 'a secret for tests'
let server: TestServer
let second: OpenContext
let url: string
let closeWeb: () => Promise<void>

/** A second process of the same deployment, as far as callers go: a context of its own on the same database. */
beforeAll(async () => {
  server = await startTestServer({ JWT_SECRET: SECRET })
  second = await openContext(
    readConfig({ JWT_SECRET: SECRET, ACCESS_LOG: 'false', VALIDATE_ANSWERS: 'true' }),
    server.databaseUrl,
    pino({ level: 'fatal' }),
  )
  const web = await listen(await createApp(second.ctx), 0, '127.0.0.1')
  url = `http://127.0.0.1:${web.port}`
  closeWeb = () => web.close()
  await server.addUser('amy')
})
afterAll(async () => {
  await closeWeb()
  await second.close()
  await server.close()
})

const ask = async (path: string, as = 'amy') =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${await server.token(as)}` } })).status

describe('a change of access', () => {
  it('is known to every process when it is answered', async () => {
    const warn = vi.spyOn(server.ctx.log, 'warn')
    const stale: string[] = []
    for (let n = 0; n < 50; n++) {
      expect(await ask('/api/user')).toBe(200)
      const id = await server.addProject(`project-${n}`, 'amy')
      if ((await ask(`/api/project/${id}`)) !== 200) stale.push(id)
    }
    expect(stale).toEqual([])
    // Each was confirmed, none given up.
    expect(warn).not.toHaveBeenCalled()
  })

  it('ends what somebody could do, in every process', async () => {
    for (let n = 0; n < 20; n++) {
      const id = await server.addUser(`leaver-${n}`)
      expect(await ask('/api/user', `leaver-${n}`)).toBe(200)
      expect((await server.send('DELETE', `/api/admin/user/${id}`)).status).toBe(200)
      expect(await ask('/api/user', `leaver-${n}`)).toBe(401)
    }
  })

  it('of many at once is answered for all, and callers are remembered again afterwards', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => server.addProject(`many-${n}`, 'amy')))
    expect(await Promise.all(ids.map((id) => ask(`/api/project/${id}`)))).toEqual(ids.map(() => 200))
    expect(await eventually(lookUps, (count) => count === 0)).toBe(0)
  })

  it('waits for a process that reads its notifications late', async () => {
    const log = pino({ level: 'fatal' })
    const db = createDatabase({ url: server.databaseUrl, log, applicationName: 'late' })
    const late: Pick<Database, 'listen'> = {
      listen: (channel, onMessage, events) =>
        db.listen(channel, (payload) => void setTimeout(() => onMessage(payload), 300), events),
    }
    const callers = new CallerCache()
    const stop = await followAccessChanges(late, callers, log)
    let found = 0
    const nameOf = async () => (await callers.find('token', 0, async () => ({ ...nobody, name: `${found++}` }))).name
    const remembers = async () => {
      const first = await nameOf()
      return (await nameOf()) === first
    }
    expect(await eventually(remembers, (yes) => yes)).toBe(true)
    const before = await nameOf()
    await server.addProject('late', 'amy')
    expect(await nameOf()).not.toBe(before)
    expect(await eventually(remembers, (yes) => yes)).toBe(true)
    await stop()
    await db.close()
  })

  it('waits no longer than a second for a process that does not answer', async () => {
    const blocker = await second.ctx.db.pool.connect()
    try {
      // Like a hanging process: it has read no notification, so its lock stays.
      await blocker.query(`select pg_advisory_lock_shared(objid::bigint + (classid::bigint << 32)) from pg_locks
        where locktype = 'advisory' and mode = 'ShareLock' and database = (select oid from pg_database where datname = current_database()) limit 1`)
      const begun = performance.now()
      await server.addProject('blocked', 'amy')
      const waited = performance.now() - begun
      expect(waited).toBeGreaterThan(900)
      expect(waited).toBeLessThan(5_000)
    } finally {
      blocker.release(true)
    }
    expect(await eventually(lookUps, (count) => count === 0)).toBe(0)
  })

  it('is followed again after the notification connection was lost', async () => {
    await runSql(
      server.databaseUrl,
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like '%listen'`,
    )
    expect(await eventually(lookUps, (count) => count === 0)).toBe(0)
    expect(await ask('/api/user')).toBe(200)
    const id = await server.addProject('afterwards', 'amy')
    expect(await ask(`/api/project/${id}`)).toBe(200)
  })
})

/** How often the second process asks the database for a caller whom it has just seen. */
async function lookUps(): Promise<number> {
  let count = 0
  const look = async () => {
    count++
    return nobody
  }
  const token = `token-${Math.random()}`
  await second.ctx.callers.find(token, 0, look)
  count = 0
  await second.ctx.callers.find(token, 0, look)
  return count
}
