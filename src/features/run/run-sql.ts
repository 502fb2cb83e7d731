import sql, { type Sql } from 'sql-template-tag'
import type { Queryable } from '../../db/queryable.ts'
import type { RawJson } from '../../json/raw-json.ts'

/** A row of `runs`; JSON and moments are PostgreSQL's text. */
export interface RunRow {
  id: string
  project_id: string | null
  data: RawJson | null
  env: string | null
  component: string | null
  source: string | null
  start_time: string
  duration: number | null
  summary: RawJson | null
  created: string
}

const columns = 'id, project_id, data, env, component, source, start_time, duration, summary, created'
export const runColumns: Sql = sql`id, project_id, data, env, component, source, start_time, duration, summary, created`

/** One run by its id. */
export async function findRun(db: Queryable, id: string): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRow>({
    name: 'find-run',
    byKey: true,
    text: `select ${columns} from runs where id = $1`,
    values: [id],
  })
  return rows[0]
}

/** One run, locked until the transaction ends, so that what is read can be merged and written back. */
export async function lockRun(tx: Queryable, id: string): Promise<RunRow | undefined> {
  const { rows } = await tx.query<RunRow>({
    name: 'lock-run',
    text: `select ${columns} from runs where id = $1 for no key update`,
    values: [id],
  })
  return rows[0]
}

/** The project of a run; undefined when there is no such run. */
export async function findRunProject(db: Queryable, id: string): Promise<{ project_id: string | null } | undefined> {
  const { rows } = await db.query<{ project_id: string | null }>({
    name: 'find-run-project',
    byKey: true,
    text: 'select project_id from runs where id = $1',
    values: [id],
  })
  return rows[0]
}

/** Stores a new run and marks it for a recount, in one statement. False when its id is taken. */
export async function insertRun(db: Queryable, row: RunRow): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'insert-run',
    text: `with inserted as (
        insert into runs (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (id) do nothing returning id)
      insert into run_changes (run_id) select id from inserted`,
    values: values(row),
  })
  return rowCount === 1
}

/** Whether the stored run is the one that was sent (D11): equal project, start and source, and all sent metadata. */
export async function isSameRun(db: Queryable, row: RunRow): Promise<boolean> {
  const { rows } = await db.query({
    text: `select from runs
      where id = $1 and project_id is not distinct from $2 and source is not distinct from $3 and start_time = $4
        and coalesce(data, '{}') @> $5::jsonb`,
    values: [row.id, row.project_id, row.source, row.start_time, row.data ?? '{}'],
  })
  return rows.length === 1
}

/** Writes all columns of a run and marks it for a recount. */
export async function updateRun(tx: Queryable, row: RunRow): Promise<void> {
  await tx.query({
    name: 'update-run',
    text: `with updated as (
        update runs set project_id = $2, data = $3, env = $4, component = $5, source = $6, start_time = $7,
          duration = $8, summary = $9, created = $10
        where id = $1 returning id)
      insert into run_changes (run_id) select id from updated`,
    values: values(row),
  })
}

/**
 * The newest runs that match, at most `limit`, newest first. They are locked in the order of their ids, as recounts do, or
 * the two would wait for each other; who waited for a lock looks again whether the run still matches.
 */
export async function lockNewestRuns(tx: Queryable, where: Sql, limit: number): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>(sql`
    with newest as materialized (select id from runs where ${where} order by start_time desc, id limit ${limit}),
    locked as (
      select ${runColumns} from runs where id in (select id from newest) and ${where} order by id for no key update)
    select * from locked order by start_time desc, id`)
  return rows
}

/** Replaces the metadata of a run, and marks it to be rolled up again: widgets count by metadata. */
export async function updateRunData(tx: Queryable, id: string, data: RawJson): Promise<void> {
  await tx.query({
    text: `with updated as (update runs set data = $2 where id = $1 returning id)
      insert into rollup_changes (run_id) select id from updated`,
    values: [id, data],
  })
}

function values(row: RunRow): unknown[] {
  const { id, project_id, data, env, component, source, start_time, duration, summary, created } = row
  return [id, project_id, data, env, component, source, start_time, duration, summary, created]
}
