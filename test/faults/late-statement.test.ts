import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthority } from '../drills/helpers/certificates.ts'
import { runSql } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { makeNetwork, type TestNetwork } from './helpers/network.ts'
import { type OwnPostgres, startOwnPostgres } from './helpers/own-postgres.ts'
import { makeFolder } from './helpers/small-disk.ts'

const run = promisify(execFile)
const APPLICATION = 'late-statement'
/** The cable stays out until nothing that was given up is sent again so soon: the second tries come first then. */
const HEAD_START_MS = 4_500
const LONGEST_CUT_MS = 20_000
const GONE_AFTER_MS = 40_000
const ESTABLISHED = '01'
const FIN_WAIT = '04'

/** The connections to a port that web's kernel keeps, and when it sends again what the other end has not confirmed. */
async function sending(prefix: readonly string[], port: number) {
  const [command = '', ...rest] = [...prefix, 'cat', '/proc/net/tcp']
  const { stdout } = await run(command, rest)
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([, , to = '', state = '', , timer = '']) => ({ to, state, inMs: Number.parseInt(timer.slice(3), 16) * 10 }))
    .filter(({ to, state }) => Number.parseInt(to.slice(9), 16) === port && [ESTABLISHED, FIN_WAIT].includes(state))
}

async function switchTlsOn(url: string): Promise<void> {
  const authority = await createAuthority('late')
  const { cert, key } = await authority.sign('database')
  await authority.remove()
  const [{ folder } = { folder: '' }] = await runSql<{ folder: string }>(
    url,
    `select current_setting('data_directory') as folder`,
  )
  const { uid, gid } = await stat(folder)
  for (const [name, text] of [
    ['server.crt', cert],
    ['server.key', key],
  ] as const) {
    await writeFile(join(folder, name), text, { mode: 0o600 })
    await chown(join(folder, name), uid, gid)
  }
  await runSql(url, 'alter system set ssl = on')
  await runSql(url, 'select pg_reload_conf()')
}

const network = await makeNetwork(['web', 'database'])
if (typeof network === 'string') process.stderr.write(`late-statement did not run: ${network}\n`)

describe.skipIf(typeof network === 'string')('a statement that was given up', () => {
  const { hosts, remove } = network as TestNetwork<'web' | 'database'>
  let folder: string
  let postgres: OwnPostgres

  beforeAll(async () => {
    folder = await makeFolder()
    postgres = await startOwnPostgres({
      dataDir: join(folder, 'data'),
      logFile: join(folder, 'postgres.log'),
      prefix: hosts.database.prefix,
      host: hosts.database.address,
    })
    await switchTlsOn(postgres.url)
    await runSql(postgres.url, 'create table tokens (id integer primary key)')
    await runSql(postgres.url, 'create table projects (title text)')
    await runSql(postgres.url, `insert into projects values ('old')`)
  })
  afterAll(async () => {
    await postgres?.stop()
    await remove()
    await rm(folder, { recursive: true, force: true })
  })

  test.each([
    ['in the clear', 'disable'],
    ['under TLS', 'require'],
  ])('%s does not reach the database after its second try', { timeout: GONE_AFTER_MS + 20_000 }, async (_, sslmode) => {
    await runSql(postgres.url, 'truncate tokens')
    const url = `${postgres.url}?sslmode=${sslmode}`
    const sessions = async () =>
      (
        await runSql<{ pid: number }>(
          postgres.url,
          `select pid from pg_stat_activity join pg_stat_ssl using (pid)
            where application_name = '${APPLICATION}' and ssl = ${sslmode === 'require'}`,
        )
      ).map(({ pid }) => pid)
    const script = fileURLToPath(new URL('./helpers/give-up-statements.ts', import.meta.url))
    const [command = '', ...rest] = [...hosts.web.prefix, process.execPath, script, url, APPLICATION]
    const web = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
    const says = async () => String(await once(web.stdout, 'data'))
    try {
      expect(await says()).toBe('up\n')
      const first = await sessions()
      expect(first).toHaveLength(2)
      const soon = async () =>
        (await sending(hosts.web.prefix, postgres.port)).filter(
          ({ state, inMs }) => state === ESTABLISHED || inMs < HEAD_START_MS,
        )
      const standing = async () => (await sessions()).filter((pid) => first.includes(pid))

      await hosts.database.cut()
      web.stdin.write('\n')
      expect(await eventually(soon, ({ length }) => length === 0, LONGEST_CUT_MS)).toEqual([])
      const done = says()
      await hosts.database.join()
      const joinedAt = performance.now()
      expect(await done).toBe('done\n')
      expect(performance.now() - joinedAt).toBeLessThan(HEAD_START_MS)
      expect(await eventually(standing, ({ length }) => length === 0, GONE_AFTER_MS)).toEqual([])
      expect(await runSql(postgres.url, 'select id from tokens')).toEqual([])
      expect(await runSql(postgres.url, 'select title from projects')).toEqual([{ title: 'second' }])
    } finally {
      web.kill('SIGKILL')
    }
  })
})

// A machine of CI can do it.
test.runIf(process.env.CI === 'true')('late statements run in CI', () => {
  expect(network).toBeTypeOf('object')
})
