/** Searches that the planner would lose its way in. */
import sql from 'sql-template-tag'
import type { Database } from '../db/database.ts'
import { type ListQuery, planStatement, type Search } from './list-rows.ts'
import { planOf } from './plans.ts'
import { remember } from './remember.ts'

/** So many rows of the list's beginning are looked through: 25 ms. */
const NEAR = 10_000
/** More rows of a value than these are not fetched only to be sorted. */
const RARE = 2_000

/**
 * The list as it is best asked for. The planner judges a JSON value by a sample of 100 documents: of one that stands in there it
 * expects one row in a hundred, walks through the rows in order, and where the value is rare passes millions of them. So before
 * such a walk it is seen whether the page is near, and whether the value is rare; then the list is of the rows that have it.
 */
export async function aimSearch(db: Database, query: ListQuery): Promise<ListQuery> {
  const { search, from } = query
  if (!search) return query
  const sample = await sampleOf(db, from.text)
  // Of other values it expects one row in ten thousand, and looks them up itself.
  if (sample.length > 0 && !search.isIn(sample)) return { ...query, isNarrow: true }
  const { sorts } = await planOf(db, planStatement(query))
  if (sorts || (await isNear(db, query, search)) || (await isFrequent(db, query, search))) return query
  const ids = await lookUp(db, query, search)
  if (ids.length > RARE) return query
  return { ...query, from: sql`(select * from ${from} where id = any(${ids}::uuid[])) as ${from}`, estimate: false }
}

/** The documents that stand in the planner's statistics of `data`: none where it has not looked, or all are over a kilobyte. */
function sampleOf(db: Database, table: string): Promise<readonly unknown[]> {
  return remember(db, `sample of ${table}`, async () => {
    const { rows } = await db.query<{ document: string }>(sql`
      select unnest(histogram_bounds::text::text[]) as document from pg_stats
      where schemaname = current_schema() and tablename = ${table} and attname = 'data'`)
    return rows.map(({ document }) => JSON.parse(document))
  })
}

async function isNear(db: Database, { from, where, orderBy, page }: ListQuery, { within }: Search): Promise<boolean> {
  const end = page.offset + page.limit
  if (end > NEAR) return false
  const { rows } = await db.query<{ found: number }>(sql`
    select count(*)::int as found from (
      select from (select * from ${from} where ${within} order by ${orderBy} limit ${NEAR}) as ${from}
      where ${where} limit ${end}::bigint) as page`)
  return BigInt(rows[0]?.found ?? 0) === end
}

/** Remembered, since to look a frequent value up takes a moment, and its next pages are asked for. */
function isFrequent(db: Database, query: ListQuery, search: Search): Promise<boolean> {
  const { text, values } = search.wanted
  const key = JSON.stringify(['frequent', query.from.text, text, values])
  return remember(db, key, async () => (await lookUp(db, query, search)).length > RARE)
}

/** The ids of the rows that have the value, of whatever project, or a few more than would be rare. */
function lookUp(db: Database, { from }: ListQuery, { wanted }: Search): Promise<string[]> {
  return db.transaction(async (tx) => {
    // Expecting many rows, the planner might as well read the whole table.
    await tx.query({ text: 'set local enable_seqscan = off' })
    const { rows } = await tx.query<{ id: string }>(sql`
      with found as materialized (select id from ${from} where ${wanted}) select id from found limit ${RARE + 1}`)
    return rows.map(({ id }) => id)
  })
}
