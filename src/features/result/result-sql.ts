import sql, { type Sql } from 'sql-template-tag'
import type { components } from '../../../generated/types.ts'
import type { Database } from '../../db/database.ts'
import type { Queryable } from '../../db/queryable.ts'
import type { RawJson } from '../../json/raw-json.ts'

/** How a test ended; the API lets nothing else in. */
export type Outcome = NonNullable<components['schemas']['Result']['result']>

/** A row of `results`; JSON and moments are PostgreSQL's text. */
export interface ResultRow {
  id: string
  project_id: string | null
  run_id: string | null
  test_id: string | null
  result: Outcome | null
  data: RawJson | null
  params: RawJson | null
  duration: number | null
  start_time: string
  source: string | null
  env: string | null
  component: string | null
}

const columns = 'id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component'
export const resultColumns: Sql = sql`id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component`

/** `start_time` for statements over several projects: only so written it finds its index (migration 0013). */
export const anyProjectTime = "(start_time + interval '0')"

/** One result by its id. */
export async function findResult(db: Queryable, id: string): Promise<ResultRow | undefined> {
  const { rows } = await db.query<ResultRow>({
    name: 'find-result',
    byKey: true,
    text: `select ${columns} from results where id = $1`,
    values: [id],
  })
  return rows[0]
}

/** Several results by their ids, without those that do not exist; null when they are more than `maxBytes`. */
export async function findResults(
  db: Database,
  ids: readonly string[],
  maxBytes: number,
): Promise<Map<string, ResultRow> | null> {
  const found = await db.queryUpTo<ResultRow>(maxBytes, {
    name: 'find-results',
    text: `select ${columns} from results where id = any ($1::uuid[])`,
    values: [ids],
  })
  return found && new Map(found.rows.map((row) => [row.id, row]))
}

/** One result, locked until the transaction ends. */
export async function lockResult(tx: Queryable, id: string): Promise<ResultRow | undefined> {
  const { rows } = await tx.query<ResultRow>({
    name: 'lock-result',
    text: `select ${columns} from results where id = $1 for no key update`,
    values: [id],
  })
  return rows[0]
}

/** The newest result of a project. */
export async function findNewestResult(db: Queryable, projectId: string): Promise<ResultRow | undefined> {
  const { rows } = await db.query<ResultRow>({
    text: `select ${columns} from results where project_id = $1 order by start_time desc limit 1`,
    values: [projectId],
  })
  return rows[0]
}

/** The project of a result; undefined when there is no such result. */
export async function findResultProject(db: Queryable, id: string): Promise<{ project_id: string | null } | undefined> {
  const { rows } = await db.query<{ project_id: string | null }>({
    name: 'find-result-project',
    byKey: true,
    text: 'select project_id from results where id = $1',
    values: [id],
  })
  return rows[0]
}

/**
 * Stores one result whose run, if it has one, belongs to the same project, and marks the run for a recount, in one
 * statement. False when it was not stored: the id is taken, or the run is unknown or of another project. (A mark that is
 * left when the id is taken only costs a recount.)
 */
export async function insertResult(db: Queryable, row: ResultRow): Promise<boolean> {
  const { rowCount } = await db.query(
    row.run_id === null
      ? {
          name: 'insert-result',
          text: `insert into results (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (id) do nothing`,
          values: values(row),
        }
      : {
          name: 'insert-result-of-run',
          text: `with marked as (
              insert into run_changes (run_id) select id from runs where id = $3 and project_id = $2 returning run_id)
            insert into results (${columns})
            select $1, $2, run_id, $4, $5, $6, $7, $8, $9, $10, $11, $12 from marked
            on conflict (id) do nothing`,
          values: values(row),
        },
  )
  return rowCount === 1
}

/**
 * Like `insertResult` for several results with different ids; gives the ids of those that were stored. The arrays stand in
 * subselects, where the planner does not see how long they are: else it makes a new plan each time, which costs as much
 * as inserting three rows.
 */
export async function insertResults(db: Queryable, results: readonly ResultRow[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: 'insert-results',
    text: `with sent as (
        select * from unnest((select $1::uuid[]), (select $2::uuid[]), (select $3::uuid[]), (select $4::text[]),
          (select $5::text[]), (select $6::jsonb[]), (select $7::jsonb[]), (select $8::float8[]),
          (select $9::timestamp[]), (select $10::text[]), (select $11::text[]), (select $12::text[])) as s (${columns})),
      inserted as (
        insert into results (${columns})
        select ${columns} from sent
        where run_id is null or exists (select from runs where runs.id = sent.run_id and runs.project_id = sent.project_id)
        on conflict (id) do nothing returning id, run_id),
      marked as (
        insert into run_changes (run_id) select distinct run_id from inserted where run_id is not null)
      select id from inserted`,
    values: columnsOf(results),
  })
  return new Set(rows.map(({ id }) => id))
}

/** Stores a result whatever the project of its run is; the caller has checked both. False when the id is taken. */
export async function insertResultAnyway(db: Queryable, row: ResultRow): Promise<boolean> {
  const { rows } = await db.query({
    text: `with inserted as (
        insert into results (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (id) do nothing returning run_id),
      marked as (insert into run_changes (run_id) select run_id from inserted where run_id is not null)
      select from inserted`,
    values: values(row),
  })
  return rows.length === 1
}

/** Whether the stored result is the one that was sent (D11): equal in all that identifies it, and all sent metadata. */
export async function isSameResult(db: Queryable, row: ResultRow): Promise<boolean> {
  const { rows } = await db.query({
    text: `select from results
      where id = $1 and project_id is not distinct from $2 and run_id is not distinct from $3
        and test_id is not distinct from $4 and result is not distinct from $5 and start_time = $6
        and source is not distinct from $7 and params is not distinct from $8::jsonb
        and coalesce(data, '{}') @> $9::jsonb`,
    values: [
      row.id,
      row.project_id,
      row.run_id,
      row.test_id,
      row.result,
      row.start_time,
      row.source,
      row.params,
      row.data ?? '{}',
    ],
  })
  return rows.length === 1
}

/** Writes all columns of a result and marks its run, and the one it belonged to before, for a recount. */
export async function updateResult(tx: Queryable, row: ResultRow, formerRun: string | null): Promise<void> {
  await tx.query({
    name: 'update-result',
    text: `with updated as (
        update results set project_id = $2, run_id = $3, test_id = $4, result = $5, data = $6, params = $7,
          duration = $8, start_time = $9, source = $10, env = $11, component = $12
        where id = $1)
      insert into run_changes (run_id)
      select distinct r from unnest(array[$3::uuid, $13::uuid]) as r where r is not null`,
    values: [...values(row), formerRun],
  })
}

function values(row: ResultRow): unknown[] {
  const { id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component } = row
  return [id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component]
}

/** The same values as one array per column. */
function columnsOf(rows: readonly ResultRow[]): unknown[][] {
  const table = rows.map(values)
  return Array.from({ length: 12 }, (_, column) => table.map((row) => row[column]))
}
