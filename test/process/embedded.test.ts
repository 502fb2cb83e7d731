import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fetchStatus, isAlive, type Supervisor, startSupervisor } from './helpers/supervisor.ts'

let folder: string
let running: Supervisor | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ibutsu-embedded-'))
  // As root, PostgreSQL runs as another user.
  await chmod(folder, 0o755)
})
afterEach(async () => {
  await running?.kill()
  await rm(folder, { recursive: true, force: true })
})

const env = { DATA_DIR: 'data', JWT_SECRET: undefined, IBUTSU_SUPERADMIN_PASSWORD: undefined, ROLES: 'web,worker' }

it('the embedded database belongs to the supervisor: it is reloaded around, never handed over, and stopped last', async () => {
  const server = await startSupervisor({ cwd: folder, env })
  running = server
  const [postmaster] = (await readFile(join(folder, 'data/postgres/postmaster.pid'), 'utf8')).split('\n').map(Number)
  expect(server.stdout()).toMatch(/Log in with +admin@example\.com/)

  const second = await startSupervisor({ cwd: folder, env }, { ready: false })
  expect((await second.exit).code).toBe(8)
  expect(second.stderr().trim().split('\n').at(-1)).toMatch(/another server is already running on the data folder/)

  server.signal('SIGUSR2')
  await server.waitForLine(/\[ERROR\] A takeover \(USR2\) is not possible with the embedded database/)
  const old = server.workers('web')
  server.signal('SIGHUP')
  await server.waitForLine(new RegExp(`pid ${old[0]} has ended`))
  expect(await fetchStatus(`${server.url}/api/health/ready`)).toBe(200)
  expect(isAlive(postmaster ?? 0)).toBe(true)

  server.signal('SIGTERM')
  expect(await server.exit).toEqual({ code: 0, signal: null })
  expect(isAlive(postmaster ?? 0)).toBe(false)
  expect(existsSync(join(folder, 'data/postgres/postmaster.pid'))).toBe(false)
  // It was still there when the pools closed.
  expect(server.stderr()).not.toMatch(/the database is away|connection is down/)
}, 60_000)
