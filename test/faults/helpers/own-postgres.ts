import { chmod, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startEmbedded } from '../../../src/db/embedded.ts'
import { readPidFile } from '../../../src/db/postmaster.ts'
import { runSql } from '../../helpers/database.ts'
import { eventually } from '../../helpers/server.ts'

/** A PostgreSQL of a test's own, for tests that end it. */
export interface OwnPostgres {
  readonly url: string
  /**
   * Ends it and waits until it answers again, at the same address. `fast` breaks off all connections, `immediate` is a
   * crash: what comes up recovers from its log.
   */
  restart(mode: 'fast' | 'immediate'): Promise<void>
  stop(): Promise<void>
}

/** An empty one in a temporary folder; without fsync, but a commit survives every end of PostgreSQL. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  // A name that the next test run sweeps, should this one be killed.
  const dataDir = join(tmpdir(), `ibutsu-test-${process.pid}`)
  await mkdir(dataDir)
  // As root, PostgreSQL runs as another user.
  await chmod(dataDir, 0o755)
  const { url, stop } = await startEmbedded({ dataDir, log: pino({ level: 'silent' }), settings: ['fsync=off'] })
  const startedAt = async () => {
    const rows = await runSql<{ at: string }>(url, 'select pg_postmaster_start_time()::text as at').catch(() => [])
    return rows[0]?.at
  }
  return {
    url,
    async restart(mode) {
      const before = await startedAt()
      const file = await readPidFile(join(dataDir, 'postgres'))
      if (before === undefined || !file) throw new Error('PostgreSQL is not running')
      process.kill(file.pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
      // Who started it brings it up again.
      const after = await eventually(startedAt, (at) => at !== undefined && at !== before, 20_000)
      if (after === undefined || after === before) throw new Error('PostgreSQL did not come back')
    },
    async stop() {
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
