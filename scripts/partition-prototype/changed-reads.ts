/** The server's reads as they would be on partitions. */
import sql, { raw } from 'sql-template-tag'
import type { Queryable, Rows, Statement } from '../../src/db/queryable.ts'
import type { ResultRow } from '../../src/features/result/result-sql.ts'
import { type ListQuery, pageStatement } from '../../src/pages/list-rows.ts'

const columns = 'id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component'

/** The id's own row says the moment, and that the partition. */
export async function findResultById(db: Queryable, id: string): Promise<ResultRow | undefined> {
  const { rows } = await db.query<ResultRow>({
    name: 'find-result-by-id',
    text: `select ${columns} from results
      where id = $1 and start_time = (select start_time from result_ids where id = $1)`,
    values: [id],
  })
  return rows[0]
}

export async function findPlacedArtifact(db: Queryable, id: string): Promise<object | undefined> {
  const { rows } = await db.query({
    name: 'find-placed-artifact',
    text: `select a.id, a.result_id, a.run_id, a.filename, a.data, a.upload_date,
        coalesce(results.project_id, runs.project_id) as project_id
      from artifacts a
      left join result_ids k on k.id = a.result_id
      left join results on results.id = k.id and results.start_time = k.start_time
      left join runs on runs.id = a.run_id
      where a.id = $1`,
    values: [id],
  })
  return rows[0]
}

const NEWEST_DAYS = 62
const DAY_MS = 86_400_000

/** A page of the newest rows: of the last two months where those fill it, else of all. */
export async function listNewest(db: Queryable, list: ListQuery): Promise<object[]> {
  const since = new Date(Date.now() - NEWEST_DAYS * DAY_MS).toISOString().slice(0, -1)
  const where = sql`${list.where} and results.start_time >= ${since}::timestamp`
  const { rows } = await db.query(pageStatement({ ...list, where }))
  if (rows.length >= list.page.limit) return rows
  return (await db.query(pageStatement(list))).rows
}

/** The results of a run, from the months that it has any in. Bounds are values, so that other months are not even planned. */
export async function listOfRun(db: Queryable, run: string, list: ListQuery): Promise<object[]> {
  const { rows: months } = await db.query<{ first: string | null; last: string | null }>({
    name: 'months-of-run',
    text: `select min(month)::text as first, (max(month) + interval '1 month')::text as last
      from run_months where run_id = $1`,
    values: [run],
  })
  const { first, last } = months[0] ?? {}
  if (!first || !last) return []
  const within = sql`${raw('results.start_time')} >= ${first}::timestamp and results.start_time < ${last}::timestamp`
  return (await db.query(pageStatement({ ...list, where: sql`${list.where} and ${within}` }))).rows
}

const OF_RUN = 'from results where run_id = r.id'

/**
 * The server's statements on the results of runs (`$1`), but within their months. These come as values: what a subquery
 * says about each run excludes no partition.
 */
export function withinMonths(db: Queryable): Queryable {
  return {
    async query<R extends object>({ name, text, values = [] }: Statement): Promise<Rows<R>> {
      if (!text.includes(OF_RUN) || values.length !== 1) throw new Error('this is no statement on the results of runs')
      const { rows } = await db.query<{ first: string | null; last: string | null }>({
        name: 'months-of-runs',
        text: `select min(month)::text as first, (max(month) + interval '1 month')::text as last
          from run_months where run_id = any ($1::uuid[])`,
        values,
      })
      const within = text.replaceAll(OF_RUN, `${OF_RUN} and start_time >= $2::timestamp and start_time < $3::timestamp`)
      return db.query({
        name: `${name} within months`,
        text: within,
        values: [...values, rows[0]?.first, rows[0]?.last],
      })
    },
  }
}
