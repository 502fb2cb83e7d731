import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { embeddedUser, openCluster } from '../../../src/db/embedded-cluster.ts'
import { runSql } from '../../helpers/database.ts'
import { eventually } from '../../helpers/server.ts'
import { childrenOf, freePort } from '../../process/helpers/supervisor.ts'

/**
 * A PostgreSQL of a test's own, with fsync, for tests that end it. Whatever ends it, it is started again until it stays, as an
 * init system does it.
 */
export interface OwnPostgres {
  /** As its superuser, past all that a test puts in between. */
  readonly url: string
  readonly port: number
  /** Its processes: the postmaster and its children, all of them or those whose title matches. */
  pids(title?: RegExp): readonly number[]
  /** kill -9 of the postmaster; resolves when the new one answers. */
  crash(): Promise<void>
  /** Ends it in order, leaves it down for this long, and resolves when it answers again. */
  restart(downMs?: number): Promise<void>
  /** What it has logged from a place on; `mark` gives the place. */
  log(from?: number): Promise<string>
  stop(): Promise<void>
}

export interface OwnPostgresOptions {
  /** Where its data and its log go. */
  readonly dataDir: string
  readonly logFile: string
  /** In front of its command, `ip netns exec …` say; then also the address at which it is found. */
  readonly prefix?: readonly string[]
  readonly host?: string
}

const settings = [
  'listen_addresses=*',
  'unix_socket_directories=',
  'max_connections=60',
  // A small disk holds it; checkpoints come often, so that a recovery has something to begin from.
  'max_wal_size=96MB',
  'min_wal_size=32MB',
  'log_timezone=UTC',
]
const PATIENCE_MS = 60_000
const BETWEEN_STARTS_MS = 200

export async function startOwnPostgres(options: OwnPostgresOptions): Promise<OwnPostgres> {
  const { dataDir, logFile, prefix = [], host = '127.0.0.1' } = options
  await mkdir(dataDir, { recursive: true })
  const { folder, password, binaries, identity } = await openCluster({ dataDir, settings })
  await appendFile(join(folder, 'pg_hba.conf'), 'host all all 0.0.0.0/0 scram-sha-256\n')
  const port = await freePort()
  const url = `postgresql://${embeddedUser}:${password}@${host}:${port}/postgres`
  const log = await open(logFile, 'a')
  let child: ChildProcess
  let up = true
  let kept: Promise<void>

  const start = () => {
    const flags = ['-D', folder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
    // Behind a prefix, which needs root, another program takes the user on.
    const user =
      prefix.length > 0 && identity
        ? ['setpriv', `--reuid=${identity.uid}`, `--regid=${identity.gid}`, '--clear-groups']
        : []
    const [command = '', ...rest] = [...prefix, ...user, binaries.postgres, ...flags]
    child = spawn(command, rest, {
      ...(prefix.length > 0 ? {} : identity),
      cwd: folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
  }
  const keep = async () => {
    while (up) {
      await once(child, 'exit')
      if (!up) return
      await sleep(BETWEEN_STARTS_MS)
      if (up) start()
    }
  }
  const startedAt = async () => {
    const rows = await runSql<{ at: string }>(url, 'select pg_postmaster_start_time()::text as at').catch(() => [])
    return rows[0]?.at
  }
  const comesBack = async (before?: string) => {
    const after = await eventually(startedAt, (at) => at !== undefined && at !== before, PATIENCE_MS)
    if (after === undefined || after === before) throw new Error(`PostgreSQL is not there:\n${await readFile(logFile)}`)
  }
  const run = () => {
    up = true
    start()
    kept = keep()
  }
  run()
  await comesBack()
  const read = async (from = 0) => (await readFile(logFile, 'utf8')).slice(from)
  return {
    url,
    port,
    pids(title) {
      const parent = child.pid ?? 0
      return title ? childrenOf(parent, title) : [parent, ...childrenOf(parent)]
    },
    async crash() {
      const before = await startedAt()
      child.kill('SIGKILL')
      await comesBack(before)
    },
    async restart(downMs = 0) {
      const before = await startedAt()
      up = false
      child.kill('SIGINT')
      await kept
      await sleep(downMs)
      run()
      await comesBack(before)
    },
    log: read,
    async stop() {
      up = false
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGQUIT')
        await once(child, 'exit')
      }
      await kept
      await log.close()
    },
  }
}
