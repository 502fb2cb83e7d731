import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { type BenchDatabase, floorName } from './bench-database.ts'
import { runCommand } from './processes.ts'

/**
 * Copies a filled database, and takes the way back of docs/adoption.md in the copy: the floor then runs on the original's
 * tables and indexes, as the goals mean it. Nobody may be connected to the database.
 *
 * @returns the copy's URL.
 */
export async function copyForFloor({ url, folder }: BenchDatabase, signal: AbortSignal): Promise<string> {
  const copy = new URL(url)
  const name = copy.pathname.slice(1)
  copy.pathname = `/${floorName(name)}`
  const server = new URL(url)
  server.pathname = '/postgres'
  const client = new pg.Client({ connectionString: server.href })
  await client.connect()
  try {
    await client.query(`create database ${floorName(name)} template ${name}`)
  } finally {
    await client.end()
  }
  const script = join(folder, 'way-back.sql')
  await writeFile(script, `${await readWayBack()}\nvacuum analyze;\n`)
  const options = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', script, '-d', copy.href]
  await runCommand('psql', options, { env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' }, signal })
  return copy.href
}

async function readWayBack(): Promise<string> {
  const page = await readFile(new URL('../../docs/adoption.md', import.meta.url), 'utf8')
  const [, script] = /```sql\n(drop index [\s\S]*?)```/.exec(page) ?? []
  if (script === undefined) throw new Error('docs/adoption.md has no way back')
  return script
}
