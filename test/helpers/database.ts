import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** A clone of the migrated template (or an empty database), for one test file. `drop` ends its connections first. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const server = inject('databaseServer')
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(server.url, `create database ${name} template ${empty ? 'template0' : server.template}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(server.url, `drop database if exists ${name} with (force)`) }
}

/** Runs statements on a connection of their own and returns the last one's rows. */
export async function runSql<R extends object>(url: string, ...statements: readonly string[]): Promise<R[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    let rows: R[] = []
    for (const statement of statements) rows = (await client.query<R>(statement)).rows ?? []
    return rows
  } finally {
    await client.end()
  }
}

async function administer(url: string, sql: string): Promise<void> {
  await runSql(url, sql)
}
