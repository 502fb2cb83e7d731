import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { startEmbedded } from '../../src/db/embedded.ts'

/** The database of one bench, and a folder for its logs. */
export interface BenchDatabase {
  readonly url: string
  readonly folder: string
  close(): Promise<void>
}

/**
 * Makes the database, outside the project: a PostgreSQL of its own in a temporary folder, or a new database on the
 * server of `serverUrl`, whose user must be allowed to create databases. Closing it removes what was made.
 */
export async function openBenchDatabase(serverUrl: string | undefined): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'ibutsu-bench-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  try {
    if (serverUrl !== undefined) {
      const name = `ibutsu_bench_${process.pid}`
      await withClient(serverUrl, (client) => client.query(`create database ${name}`))
      const url = new URL(serverUrl)
      url.pathname = `/${name}`
      return {
        url: url.href,
        folder,
        async close() {
          for (const made of [name, floorName(name)]) {
            await withClient(serverUrl, (client) => client.query(`drop database if exists ${made} with (force)`))
          }
          await removeFolder()
        },
      }
    }
    // As root, PostgreSQL runs as another user.
    await chmod(folder, 0o755)
    const embedded = await startEmbedded({ dataDir: folder, log: pino({ level: 'warn' }, pino.destination(2)) })
    return {
      url: embedded.url,
      folder,
      async close() {
        await embedded.stop()
        await removeFolder()
      },
    }
  } catch (error) {
    await removeFolder()
    throw error
  }
}

/** A database that is there and filled already; closing it leaves it as it is. */
export async function useBenchDatabase(url: string): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'ibutsu-bench-'))
  return { url, folder, close: () => rm(folder, { recursive: true, force: true }) }
}

/** What a reader of the figures must know of a database: its version, and the indexes on `results`. */
export async function describeDatabase(url: string): Promise<{ version: string; indexes: string[] }> {
  return withClient(url, async (client) => {
    const version = await client.query<{ server_version: string }>('show server_version')
    const indexes = await client.query<{ name: string }>(
      `select indexname as name from pg_indexes where schemaname = 'public' and tablename = 'results' order by 1`,
    )
    return { version: version.rows[0]?.server_version ?? '', indexes: indexes.rows.map(({ name }) => name) }
  })
}

/** The name of the floor's copy of a database. */
export const floorName = (name: string): string => `${name}_floor`

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
