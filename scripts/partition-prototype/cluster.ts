import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { startEmbedded } from '../../src/db/embedded.ts'

/** PostgreSQL with both databases: `plain` as the server makes it, `partitioned` as the prototype does. */
export interface PrototypeCluster {
  readonly folder: string
  readonly plain: string
  readonly partitioned: string
  close(): Promise<void>
}

/** More than the defaults, so that neither checkpoints nor a small cache of its own decide what is compared. */
const SETTINGS = ['shared_buffers=2GB', 'max_wal_size=16GB', 'maintenance_work_mem=1GB', 'checkpoint_timeout=30min']

/** Starts it in a folder that stays, or in a temporary one that goes when it is closed. */
export async function openCluster(given: string | undefined): Promise<PrototypeCluster> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'ibutsu-partitions-')))
  await mkdir(folder, { recursive: true })
  // As root, PostgreSQL runs as another user.
  await chmod(folder, 0o755)
  const log = pino({ level: 'warn' }, pino.destination(2))
  const embedded = await startEmbedded({ dataDir: folder, log, settings: SETTINGS })
  const named = (name: string) => {
    const url = new URL(embedded.url)
    url.pathname = `/${name}`
    return url.href
  }
  return {
    folder,
    plain: named('plain'),
    partitioned: named('partitioned'),
    async close() {
      await embedded.stop()
      if (given === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs work on a connection of its own. `session` are more settings of it, as `-c name=value`. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>, session = ''): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: `-c TimeZone=UTC ${session}`.trim() })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Makes an empty database, or a copy of another one, in the place of the one of that name. */
export async function makeDatabase(url: string, template = 'template0'): Promise<void> {
  const server = new URL(url)
  const name = server.pathname.slice(1)
  server.pathname = '/postgres'
  await withClient(server.href, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name} template ${template} strategy file_copy`)
  })
}
