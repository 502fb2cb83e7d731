/**
 * The server's writes as they would be on partitions: who claims the id in `result_ids` stores the result. Two that claim the
 * same id wait for each other there, as they do on the primary key today.
 */
import type { Queryable } from '../../src/db/queryable.ts'
import type { ResultRow } from '../../src/features/result/result-sql.ts'
import type { Staging } from '../../src/importers/staging.ts'

const columns = 'id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component'
const names = columns.split(', ') as (keyof ResultRow)[]
const values = (row: ResultRow) => names.map((name) => row[name])

export async function insertOne(db: Queryable, row: ResultRow): Promise<boolean> {
  const { rows } = await db.query({
    name: 'insert-one',
    text: `with claimed as (
        insert into result_ids (id, start_time) select $1, $9
        where $3::uuid is null or exists (select from runs where id = $3 and project_id = $2)
        on conflict (id) do nothing returning id),
      inserted as (
        insert into results (${columns})
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from claimed returning run_id),
      placed as (
        insert into run_months (run_id, month) select run_id, date_trunc('month', $9::timestamp)::date from inserted
        where run_id is not null on conflict do nothing),
      marked as (insert into run_changes (run_id) select run_id from inserted where run_id is not null)
      select from inserted`,
    values: values(row),
  })
  return rows.length === 1
}

export async function insertMany(db: Queryable, results: readonly ResultRow[]): Promise<Set<string>> {
  const table = results.map(values)
  const { rows } = await db.query<{ id: string }>({
    name: 'insert-many',
    text: `with sent as (
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[],
          $8::float8[], $9::timestamp[], $10::text[], $11::text[], $12::text[]) as s (${columns})),
      claimed as (
        insert into result_ids (id, start_time) select id, start_time from sent
        where run_id is null or exists (select from runs where runs.id = sent.run_id and runs.project_id = sent.project_id)
        on conflict (id) do nothing returning id),
      inserted as (
        insert into results (${columns}) select ${columns} from sent where id in (select id from claimed)
        returning id, run_id, start_time),
      placed as (
        insert into run_months (run_id, month) select distinct run_id, date_trunc('month', start_time)::date from inserted
        where run_id is not null on conflict do nothing),
      marked as (insert into run_changes (run_id) select distinct run_id from inserted where run_id is not null)
      select id from inserted`,
    values: names.map((_, column) => table.map((row) => row[column])),
  })
  return new Set(rows.map(({ id }) => id))
}

export async function lockOne(tx: Queryable, id: string): Promise<ResultRow | undefined> {
  const { rows } = await tx.query<ResultRow>({
    name: 'lock-one',
    text: `select ${columns} from results
      where id = $1 and start_time = (select start_time from result_ids where id = $1 for update) for no key update`,
    values: [id],
  })
  return rows[0]
}

/** A row whose start time is one of another month moves there. */
export async function updateOne(tx: Queryable, row: ResultRow, former: ResultRow): Promise<void> {
  await tx.query({
    name: 'update-one',
    text: `with updated as (
        update results set project_id = $2, run_id = $3, test_id = $4, result = $5, data = $6, params = $7,
          duration = $8, start_time = $9, source = $10, env = $11, component = $12
        where id = $1 and start_time = $14),
      moved as (update result_ids set start_time = $9 where id = $1 and $9::timestamp <> $14::timestamp),
      placed as (
        insert into run_months (run_id, month) select $3, date_trunc('month', $9::timestamp)::date
        where $3::uuid is not null on conflict do nothing)
      insert into run_changes (run_id)
      select distinct r from unnest(array[$3::uuid, $13::uuid]) as r where r is not null`,
    values: [...values(row), former.run_id, former.start_time],
  })
}

/** Where each id's partition is known, the others are not looked into. */
export async function deleteMany(db: Queryable, ids: readonly string[]): Promise<number> {
  const { rows } = await db.query<{ gone: number }>({
    text: `with gone as (
        delete from results r using result_ids k
        where k.id = any ($1::uuid[]) and r.id = k.id and r.start_time = k.start_time returning r.run_id),
      forgotten as (delete from result_ids where id = any ($1::uuid[])),
      marked as (insert into rollup_changes (run_id) select distinct run_id from gone where run_id is not null)
      select count(*) as gone from gone`,
    values: [ids],
  })
  return rows[0]?.gone ?? 0
}

export interface ChangedTarget {
  readonly runId: string
  readonly projectId: string
  /** Stands in where the file names no time. */
  readonly created: string
}

const AT_ONCE = 5_000

/**
 * `mergeResults` with claims: rows whose id is new are inserted, the others updated in the partition that they
 * are in. The bounds come as values: without them the planner reads all partitions through (measured: 5.9 s instead of 0.5 s).
 */
export async function mergeMany(tx: Queryable, staging: Staging, target: ChangedTarget): Promise<void> {
  await tx.query({ text: 'create index on staged_results (seq)' })
  await tx.query({ text: 'analyze staged_results' })
  for (let from = 0; from < staging.resultCount; from += AT_ONCE) {
    const until = from + AT_ONCE
    const { rows } = await tx.query<{ first: string | null; last: string | null }>({
      text: `select min(k.start_time)::text as first, max(k.start_time)::text as last
        from staged_results s join result_ids k on k.id = s.id where s.seq >= $1 and s.seq < $2`,
      values: [from, until],
    })
    await tx.query({
      text: `with sent as (
          select s.id, $4::uuid as project_id, $3::uuid as run_id, s.test_id, s.result, s.data, s.params, s.duration,
            coalesce(s.start_time::timestamp, k.start_time, $5::timestamp) as start_time, s.source, s.env, s.component,
            k.start_time as former
          from staged_results s left join result_ids k on k.id = s.id where s.seq >= $1 and s.seq < $2),
        claimed as (
          insert into result_ids (id, start_time) select id, start_time from sent
          on conflict (id) do nothing returning id),
        inserted as (
          insert into results (${columns}) select ${columns} from sent where id in (select id from claimed)),
        moved as (update result_ids k set start_time = s.start_time from sent s where k.id = s.id and s.start_time <> s.former),
        placed as (
          insert into run_months (run_id, month) select distinct run_id, date_trunc('month', start_time)::date from sent
          on conflict do nothing)
        update results r set project_id = s.project_id, run_id = s.run_id,
          test_id = coalesce(s.test_id, r.test_id), result = coalesce(s.result, r.result),
          data = case when r.test_id is distinct from s.test_id then s.data
            else coalesce(r.data, '{}') || (
              select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(s.data) e
              where e.value <> 'null' or not coalesce(r.data, '{}') ? e.key) end,
          params = coalesce(s.params, r.params), duration = coalesce(s.duration, r.duration), start_time = s.start_time,
          source = coalesce(s.source, r.source), env = coalesce(s.env, r.env), component = coalesce(s.component, r.component)
        from sent s where r.id = s.id and r.start_time = s.former
          and r.start_time >= $6::timestamp and r.start_time <= $7::timestamp`,
      values: [from, until, target.runId, target.projectId, target.created, rows[0]?.first, rows[0]?.last],
    })
  }
}
