import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openContext } from '../../src/open-context.ts'
import { finishDatabase, prepareDatabase } from '../../src/processes/prepare-process.ts'
import { buildRollups } from '../../src/rollups/build-rollups.ts'
import { admin } from '../bench/measure.ts'
import { runCommand } from '../bench/processes.ts'
import { makeDatabase, type PrototypeCluster, withClient } from './cluster.ts'
import { minutesBetweenRuns } from './months.ts'
import { partitionResults } from './partition-schema.ts'

export interface Filling {
  readonly kit: string
  readonly rows: number
  readonly runs: number
  readonly months: number
  readonly signal: AbortSignal
  say(text: string): void
}

/** What the server needs to know to serve these databases. */
export const serverEnv = (url: string) => ({
  SQLALCHEMY_DATABASE_URI: url,
  JWT_SECRET: 'of the prototype, which listens on this machine only',
  IBUTSU_SUPERADMIN_EMAIL: admin.email,
  IBUTSU_SUPERADMIN_PASSWORD: admin.password,
})

/**
 * Fills both databases with the same rows. Bulk loads leave out triggers and foreign keys (`replica`), and build indexes
 * afterwards. Rows lie in the order of time, as they do where tests send them when they end.
 */
export async function fill(cluster: PrototypeCluster, filling: Filling): Promise<void> {
  const { say } = filling
  const { plain, partitioned } = cluster
  await makeDatabase(plain)
  const log = pino({ level: 'warn' }, pino.destination(2))
  const config = readConfig(serverEnv(plain), [], cluster.folder)
  await prepareDatabase(config, plain, log)
  await finishDatabase(config, plain, log)
  say('the schema is made')
  await fillPlain(plain, filling)
  const { ctx, close } = await openContext(config, plain, log)
  await buildRollups({ db: ctx.db, log, fields: [], signal: filling.signal }).finally(close)
  say('rollups are built')
  await makeDatabase(partitioned, 'plain')
  const replica = '-c session_replication_role=replica'
  await withClient(partitioned, (client) => partitionResults(client, say), replica)
  for (const url of [plain, partitioned]) await withClient(url, (client) => client.query('vacuum analyze'))
  await withClient(plain, (client) => client.query('checkpoint'))
  say('both are vacuumed')
}

async function fillPlain(url: string, { kit, rows, runs, months, signal, say }: Filling): Promise<void> {
  const restore = await withClient(url, takeIndexes)
  const values = Object.entries({ runs, results: rows, minutes: minutesBetweenRuns(runs, months) })
  const args = ['-X', '-q', ...values.flatMap(([name, value]) => ['-v', `${name}=${value}`])]
  const env = { ...(process.env as Record<string, string>), PGOPTIONS: '-c session_replication_role=replica' }
  await runCommand('psql', [...args, '-f', join(kit, 'seed.sql'), '-d', url], { env, signal })
  say(`${rows} results of ${runs} runs are in`)
  await withClient(url, async (client) => {
    await client.query('create index in_time on results (start_time)')
    await client.query('cluster results using in_time')
    await client.query('drop index in_time')
    say('they lie in the order of time')
    for (const definition of restore) await client.query(definition)
    await client.query(addArtifacts)
    say('indexes are built')
  })
}

/** Drops the indexes on results besides the primary key; gives the statements that make them again. */
async function takeIndexes(client: { query(text: string): Promise<{ rows: unknown[] }> }): Promise<string[]> {
  const { rows } = await client.query(
    `select indexname as name, indexdef as definition from pg_indexes
      where schemaname = 'public' and tablename = 'results' and indexname <> 'results_pkey'`,
  )
  const indexes = rows as { name: string; definition: string }[]
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  return indexes.map(({ definition }) => definition)
}

/** A small file for each 20th result: what deletes and reads by id depend on is their number. */
const addArtifacts = `insert into artifacts (id, content, result_id, filename, data, upload_date)
  select gen_random_uuid(), '\\x00', id, 'a.log', '{}', start_time from results where hashtext(id::text) % 20 = 0`
