import { prune } from '../../src/jobs/prune/prune.ts'
import { withClient } from './cluster.ts'
import type { Contexts } from './compare.ts'
import { EARLIER, LATER } from './partition-schema.ts'
import { printTable } from './table.ts'

interface Step {
  readonly name: string
  readonly ms: number
  readonly rows: number | null
}

const DAY_MS = 86_400_000
const PRUNE_MONTH_MS = 30 * DAY_MS

/**
 * The oldest month goes: from the plain table by the server's own prune, from the other one by dropping
 * its partition. Gives a Markdown table of what each part took.
 */
export async function pruneOldest({ plain }: Contexts, urls: { plain: string; partitioned: string }): Promise<string> {
  const month = await oldestMonth(urls.partitioned)
  const ageMonths = (Date.now() - Date.parse(`${month.to}Z`)) / PRUNE_MONTH_MS
  const deleted = await timed('plain: the prune of the server', async () => {
    const outcome = await prune(plain, 'results', { age: ageMonths })
    if (!('deleted' in outcome)) throw new Error(outcome.skipped)
    return outcome.deleted.results
  })
  const vacuumed = await timed('plain: vacuum afterwards', () =>
    withClient(urls.plain, async (client) => {
      await client.query('vacuum results')
      return null
    }),
  )
  const dropped = await dropMonth(urls.partitioned, month)
  return printTable(
    [`part (${month.name})`, 's', 'rows'],
    [deleted, vacuumed, ...dropped].map(({ name, ms, rows }) => [
      name,
      (ms / 1000).toFixed(2),
      rows === null ? '' : rows.toLocaleString('en'),
    ]),
  )
}

interface OldMonth {
  readonly name: string
  /** Exclusive, UTC. */
  readonly to: string
}

async function oldestMonth(url: string): Promise<OldMonth> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<OldMonth>(
      `select c.relname as name, substring(pg_get_expr(c.relpartbound, c.oid) from $$TO \\('([^']*)'\\)$$) as to
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'results'::regclass and c.relname not in ('${EARLIER}', '${LATER}') order by 1 limit 1`,
    )
    if (!rows[0]) throw new Error('there is no partition to drop')
    return { ...rows[0], to: rows[0].to.replace(' ', 'T') }
  })
}

/** What stands beside the results goes in small transactions, as prunes do it; only the last part locks the table. */
async function dropMonth(url: string, { name, to }: OldMonth): Promise<Step[]> {
  return withClient(url, async (client) => {
    const part = (what: string, text: string) =>
      timed(`partitioned: ${what}`, async () => (await client.query(text)).rowCount)
    const marked = await part(
      'mark the runs that lose results',
      `insert into rollup_changes (run_id) select distinct run_id from ${name} where run_id is not null`,
    )
    const artifacts = await part(
      'delete the artifacts',
      `delete from artifacts a using ${name} r where a.result_id = r.id`,
    )
    const dropped = await timed('partitioned: detach concurrently and drop', async () => {
      await client.query(`alter table results detach partition ${name} concurrently`)
      await client.query(`drop table ${name}`)
      return null
    })
    const ids = await part('delete the ids', `delete from result_ids where start_time < '${to}'`)
    const months = await part('delete the months of runs', `delete from run_months where month < '${to}'::date`)
    const vacuumed = await timed('partitioned: vacuum the ids', async () => {
      await client.query('vacuum result_ids')
      return null
    })
    return [marked, artifacts, dropped, ids, months, vacuumed]
  })
}

async function timed(name: string, work: () => Promise<number | null>): Promise<Step> {
  const began = performance.now()
  const rows = await work()
  return { name, ms: performance.now() - began, rows }
}
