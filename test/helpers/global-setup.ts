import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { isRunning } from '../../src/db/postmaster.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where tests may create databases, and the migrated database that they clone. */
    databaseServer: { readonly url: string; readonly template: string }
  }
}

const folderName = /^ibutsu-test-(\d+)$/
const log = pino({ level: 'warn' }, pino.destination(2))

/**
 * One PostgreSQL for the whole test run, with one migrated template database: its own in a temporary folder, or the one
 * that TEST_DATABASE_URL names (whose user must be allowed to create databases).
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const server = given === undefined ? await startServer() : { url: given, stop: async () => undefined }
  const template = `ibutsu_template_${process.pid}`
  try {
    await administer(server.url, `create database ${template}`)
    await migrate({ url: withDatabase(server.url, template), log })
  } catch (error) {
    await server.stop()
    throw error
  }
  project.provide('databaseServer', { url: server.url, template })
  return async () => {
    if (given !== undefined) await administer(given, `drop database ${template} with (force)`)
    await server.stop()
  }
}

async function startServer() {
  await sweep()
  const dataDir = join(tmpdir(), `ibutsu-test-${process.pid}`)
  await mkdir(dataDir)
  // As root, PostgreSQL runs as another user.
  await chmod(dataDir, 0o755)
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300']
  const { url, stop } = await startEmbedded({ dataDir, log, settings })
  return {
    url,
    async stop() {
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Ends what test runs left behind that were killed. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = folderName.exec(name)?.[1]
    if (pid === undefined || (await isRunning(Number(pid)))) continue
    const dataDir = join(tmpdir(), name)
    await startEmbedded({ dataDir, log }).then(
      ({ stop }) => stop(),
      () => undefined,
    )
    await rm(dataDir, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
