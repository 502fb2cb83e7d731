/** What runs add to the rollups of results: as their rows say now, as it was added, and the difference. */
import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { Queryable } from '../db/queryable.ts'
import { BUILDS, fieldText, type RollupField } from './rollup-fields.ts'
import { placedProject, valueHash } from './rollup-sql.ts'

/** Runs whose contributions are replaced: those whose rows are counted, and those whose former ones are taken back. */
export interface ContributingRuns {
  readonly fresh: readonly string[]
  readonly former: readonly string[]
}

/** The key of a rollup that has come down to nothing. */
export interface EmptyRollup {
  readonly project_id: string
  readonly field: number
  readonly grain: string
  readonly bucket: string
  readonly value_hash: string
}

/** Counts by run, project, field, hour and value of the results of runs. */
export function freshResultCounts(fields: readonly RollupField[], runs: readonly string[]): Sql {
  const texts = fields.map((field, index) => sql`${fieldText(field)} as ${raw(`f${index}`)}`)
  const names = fields.map((_, index) => `f${index}`)
  // grouping() has a bit for each name that is not grouped by, the first name's the highest.
  const all = 2 ** fields.length - 1
  const cases = fields.map(({ id }, index) => `when ${all - 2 ** (fields.length - 1 - index)} then ${id}`)
  if (fields.length === 0) {
    return sql`select null::uuid as run_id, null::uuid as project_id, null::timestamp as bucket, null::smallint as field,
      null::text as value, null::integer as count where false`
  }
  return sql`
    select run_id, project_id, bucket, field, value, count from (
      select run_id, project_id, bucket,
        (case grouping(${raw(names.join(', '))}) ${raw(cases.join(' '))} end)::smallint as field,
        coalesce(${raw(names.join(', '))}) as value, count(*)::integer as count
      from (
        select run_id, ${placedProject} as project_id, date_trunc('hour', start_time) as bucket, ${join(texts)}
        from results where run_id = any (${[...runs]}::uuid[])) as counted
      group by run_id, project_id, bucket, grouping sets (${raw(names.map((name) => `(${name})`).join(', '))})) as sets
    where value is not null`
}

/** The same of what was added to the rollups. */
export function formerResultCounts(runs: readonly string[]): Sql {
  return sql`
    select c.run_id, c.project_id, e.bucket, e.field, e.value, e.count
    from result_contributions c
    cross join lateral unnest(c.fields, c.buckets, c."values", c.counts) as e (field, bucket, value, count)
    where c.run_id = any (${[...runs]}::uuid[])`
}

/**
 * Stores what runs contribute now and adds the difference to the rollups, all in one statement; rollups that became empty
 * are given, to be deleted. The rollups are written in the order of their keys, so that two of these never wait for each
 * other in a circle. Runs and contributions must be locked.
 */
export async function storeResultContributions(
  tx: Queryable,
  fields: readonly RollupField[],
  runs: ContributingRuns,
): Promise<EmptyRollup[]> {
  const { rows } = await tx.query<EmptyRollup>(sql`
    with fresh as materialized (${freshResultCounts(fields, runs.fresh)}),
    former as materialized (${formerResultCounts(runs.former)}),
    stored as (
      insert into result_contributions as c (run_id, project_id, fields, buckets, "values", counts)
      select run_id, project_id, array_agg(field), array_agg(bucket), array_agg(value), array_agg(count)
      from (select * from fresh order by run_id, project_id, field, bucket, value collate "C") as sorted
      group by run_id, project_id order by run_id, project_id
      on conflict (run_id, project_id) do update set fields = excluded.fields, buckets = excluded.buckets,
        "values" = excluded."values", counts = excluded.counts
      where (c.fields, c.buckets, c."values", c.counts)
        is distinct from (excluded.fields, excluded.buckets, excluded."values", excluded.counts)),
    gone as (
      delete from result_contributions c where run_id = any (${[...runs.former]}::uuid[])
        and not exists (select from fresh f where f.run_id = c.run_id and f.project_id = c.project_id)),
    changed as (
      select project_id, field, bucket, value, sum(count) as count
      from (select * from fresh union all select run_id, project_id, bucket, field, value, -count from former) as both_ways
      where field = any (${fields.map(({ id }) => id)}::smallint[])
      group by project_id, field, bucket, value having sum(count) <> 0),
    spread as (
      select project_id, field, grain, bucket, value, sum(count) as count
      from (${raw(spread('count'))}) as grains
      group by project_id, field, grain, bucket, value having sum(count) <> 0),
    added as (
      insert into result_rollups as r (project_id, field, grain, bucket, value_hash, count, value)
      select project_id, field, grain, bucket, ${valueHash('value')} as value_hash, count, value from spread
      order by project_id, field, grain, bucket, value_hash
      on conflict (project_id, field, grain, bucket, value_hash) do update set count = r.count + excluded.count
      returning project_id, field, grain, bucket, value_hash, count)
    select project_id, field, grain, bucket, value_hash from added where count = 0`)
  return rows
}

/**
 * Rows of `changed`, which are by hour, for each of the three grains; `numbers` are its columns that are added up. Builds
 * are counted over all times only.
 */
export function spread(numbers: string): string {
  const columns = (grain: string, bucket: string) =>
    `select project_id, field, '${grain}'::"char" as grain, ${bucket} as bucket, value, ${numbers} from changed`
  const hasTimes = `where field <> all (array(select id from rollup_fields where name = '${BUILDS}'))`
  return `${columns('h', 'bucket')} ${hasTimes}
    union all ${columns('d', `date_trunc('day', bucket)`)} ${hasTimes}
    union all ${columns('a', `'-infinity'::timestamp`)}`
}

/** Deletes rollups that are empty; they are locked, for their last change was in this transaction. */
export async function deleteEmptyRollups(
  tx: Queryable,
  table: 'result_rollups' | 'run_rollups',
  empty: readonly EmptyRollup[],
): Promise<void> {
  if (empty.length === 0) return
  const column = (read: (rollup: EmptyRollup) => unknown) => empty.map(read)
  await tx.query({
    text: `delete from ${table} r
      using unnest($1::uuid[], $2::smallint[], $3::"char"[], $4::timestamp[], $5::uuid[])
        as e (project_id, field, grain, bucket, value_hash)
      where r.project_id = e.project_id and r.field = e.field and r.grain = e.grain and r.bucket = e.bucket
        and r.value_hash = e.value_hash`,
    values: [
      column((rollup) => rollup.project_id),
      column((rollup) => rollup.field),
      column((rollup) => rollup.grain),
      column((rollup) => rollup.bucket),
      column((rollup) => rollup.value_hash),
    ],
  })
}
