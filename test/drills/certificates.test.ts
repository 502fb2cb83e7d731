import { chown, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { logIn, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { type Authority, type Certificate, createAuthority } from './helpers/certificates.ts'
import { describeWithPostgres, type PostgresCluster, startPostgresCluster } from './helpers/postgres-cluster.ts'
import { say } from './helpers/say.ts'

describeWithPostgres('TLS to the database', () => {
  let ours: Authority
  let theirs: Authority
  let postgres: PostgresCluster
  let good: Certificate
  let server: Supervisor | undefined

  beforeAll(async () => {
    ;[ours, theirs] = await Promise.all([createAuthority('ours'), createAuthority('theirs')])
    good = await ours.sign('localhost')
    postgres = await startPostgresCluster({
      // The drill itself looks in by another database.
      hba: ['hostssl ibutsu all 127.0.0.1/32 trust', 'host postgres all 127.0.0.1/32 trust'],
      settings: { ssl: 'on' },
      files: { 'server.crt': good.cert, 'server.key': good.key },
    })
  })
  afterEach(async () => {
    await server?.kill()
    server = undefined
  })
  afterAll(async () => {
    await postgres?.remove()
    await Promise.all([ours?.remove(), theirs?.remove()])
  })

  const present = async ({ cert, key }: Certificate) => {
    for (const [name, text] of [
      ['server.crt', cert],
      ['server.key', key],
    ] as const) {
      const file = join(postgres.folder, name)
      const { uid, gid } = await stat(file)
      await writeFile(file, text)
      await chown(file, uid, gid)
    }
    await postgres.reload()
  }
  const urlOf = (query: string, host = 'localhost') =>
    `postgresql+psycopg2://ibutsu@${host}:${postgres.port}/ibutsu?${query}`
  const watchUrl = () => postgres.url.replace(/ibutsu$/, 'postgres')
  const root = () => `sslrootcert=${ours.file}`
  const env = { DB_WAIT: '10', LOG_LEVEL: 'info' }

  /** Starts what must not serve; gives its exit code, its last line, and how long that took. */
  const fail = async (url: string) => {
    const began = performance.now()
    server = await startSupervisor({ databaseUrl: url, env }, { ready: false })
    const { code } = await server.exit
    const lines = server.stderr().trim().split('\n')
    return { code, line: lines.at(-1) ?? '', lines: lines.length, ms: performance.now() - began }
  }
  const encrypted = () =>
    runSql<{ ssl: boolean }>(
      watchUrl(),
      `select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'ibutsu %'`,
    )

  test.each<[string, () => string, string]>([
    ['require', () => 'sslmode=require', 'localhost'],
    ['require, by another name', () => 'sslmode=require', '127.0.0.1'],
    ['verify-ca, by another name', () => `sslmode=verify-ca&${root()}`, '127.0.0.1'],
    ['verify-full', () => `sslmode=verify-full&${root()}`, 'localhost'],
  ])('serves with sslmode=%s, every connection encrypted', { timeout: 30_000 }, async (_name, query, host) => {
    await present(good)
    server = await startSupervisor({ databaseUrl: urlOf(query(), host), env })
    await logIn(server.url)
    const connections = await encrypted()
    expect(connections.length).toBeGreaterThanOrEqual(2)
    expect(connections.filter(({ ssl }) => !ssl)).toEqual([])
  })

  test('serves with a certificate that nobody signed, where it is not to be looked at', {
    timeout: 30_000,
  }, async () => {
    await present(await theirs.sign('somewhere.else', { expired: true }))
    server = await startSupervisor({ databaseUrl: urlOf('sslmode=require'), env })
    expect((await encrypted()).filter(({ ssl }) => !ssl)).toEqual([])
  })

  test.each<[string, () => Promise<Certificate>, () => string, RegExp]>([
    [
      'expired',
      () => ours.sign('localhost', { expired: true }),
      () => `sslmode=verify-full&${root()}`,
      /certificate has expired$/,
    ],
    [
      'of another authority',
      () => theirs.sign('localhost'),
      () => `sslmode=verify-full&${root()}`,
      /unable to verify|unable to get|self.signed/,
    ],
    [
      'of another authority, for require with sslrootcert',
      () => theirs.sign('localhost'),
      () => `sslmode=require&${root()}`,
      /unable to verify|unable to get|self.signed/,
    ],
    [
      'of an authority that this machine does not know',
      () => ours.sign('localhost'),
      () => 'sslmode=verify-full',
      /unable to verify|unable to get|self.signed/,
    ],
    [
      'of another host',
      () => ours.sign('db.example.com'),
      () => `sslmode=verify-full&${root()}`,
      /Host: localhost\. is not in the cert's altnames: DNS:db\.example\.com$/,
    ],
  ])(
    'a certificate %s: one line that says so, exit code 5, at once',
    { timeout: 30_000 },
    async (name, make, query, reason) => {
      await present(await make())
      const { code, line, lines, ms } = await fail(urlOf(query()))
      say(`certificate ${name}: exit code ${code} after ${ms.toFixed(0)} ms: ${line}`)
      expect(code).toBe(5)
      expect(line).toMatch(/^The database can't be used: /)
      expect(line).toMatch(reason)
      expect(lines).toBeLessThan(8)
      expect(ms).toBeLessThan(8_000)
    },
  )

  test.each<[string, () => string, RegExp]>([
    [
      'a mode that there is none of',
      () => 'sslmode=verify_full',
      /sslmode must be one of disable, .*, not "verify_full"$/,
    ],
    ['verify-ca without the authority', () => 'sslmode=verify-ca', /sslmode=verify-ca needs sslrootcert/],
    [
      'a file that is not there',
      () => 'sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      /sslrootcert cannot be read: ENOENT/,
    ],
  ])('%s: one line that says so', { timeout: 30_000 }, async (_name, query, reason) => {
    const { code, line } = await fail(urlOf(query()))
    expect([code, line]).toEqual([5, expect.stringMatching(reason)])
  })

  test('a line in the clear is neither offered nor fallen back to', { timeout: 60_000 }, async () => {
    await present(good)
    // PostgreSQL wants TLS, we are told not to.
    const plain = await fail(urlOf('sslmode=disable', '127.0.0.1'))
    expect([plain.code, plain.line]).toEqual([
      6,
      expect.stringMatching(/refused the login: no pg_hba.conf entry .*no encryption/),
    ])
    // We want TLS, PostgreSQL has none.
    await postgres.set({ ssl: 'off' })
    await postgres.reload()
    const none = await fail(urlOf('sslmode=require', '127.0.0.1'))
    await postgres.set({ ssl: 'on' })
    await postgres.reload()
    expect([none.code, none.line]).toEqual([
      5,
      "The database can't be used: The server does not support SSL connections",
    ])
  })

  test('a certificate that expires while the server runs: requests wait, few tries, one line; then all is well', {
    timeout: 60_000,
  }, async () => {
    await present(good)
    server = await startSupervisor({
      databaseUrl: urlOf(`sslmode=verify-full&${root()}`),
      env: { ...env, DB_RETRY: '20', ROLES: 'web' },
    })
    const headers = { authorization: `Bearer ${await logIn(server.url)}` }
    const mark = server.mark()
    await present(await ours.sign('localhost', { expired: true }))
    await runSql(
      watchUrl(),
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'ibutsu %'",
    )
    const asked = Array.from({ length: 10 }, () =>
      fetch(`${server?.url}/api/health/database`, { headers }).then(({ status }) => status),
    )
    await server.waitForLine(/the database is away.*certificate has expired/, 10_000, mark)
    const ready = (): Promise<number> => fetch(`${server?.url}/api/health/ready`).then(({ status }) => status)
    expect(await ready()).toBe(503)
    const told = server
      .stderr()
      .slice(mark)
      .split('\n')
      .filter((line) => line.includes('certificate has expired'))
    expect(told.filter((line) => line.includes('the database is away'))).toHaveLength(1)
    await present(good)
    expect(await Promise.all(asked)).toEqual(asked.map(() => 200))
    expect(await eventually(ready, (status) => status === 200)).toBe(200)
    expect((await encrypted()).filter(({ ssl }) => !ssl)).toEqual([])
  })
})
