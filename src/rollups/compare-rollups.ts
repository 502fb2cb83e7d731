/** Whether contributions and rollups are what they must be (see roll-up.ts), under traffic too: each asks one snapshot. */
import sql, { raw } from 'sql-template-tag'
import type { Queryable } from '../db/queryable.ts'
import { formerResultCounts, freshResultCounts, spread } from './result-contributions.ts'
import { BUILDS, findRollupFields } from './rollup-fields.ts'
import { eachNumber, runNumbers, valueHash } from './rollup-sql.ts'
import { formerRuns, freshRuns } from './run-contributions.ts'

const unmarked = raw(
  'not exists (select from run_changes m where m.run_id = d.run_id) and not exists (select from rollup_changes m where m.run_id = d.run_id)',
)

/** Those of the runs whose results do not add up to what they contributed, and that no mark excuses. */
export async function findDifferentResults(db: Queryable, runs: readonly string[]): Promise<string[]> {
  const fields = (await findRollupFields(db)).filter(({ source }) => source === 'results')
  const { rows } = await db.query<{ run_id: string }>(sql`
    select distinct run_id from (
      select run_id from (
        select * from (${freshResultCounts(fields, runs)}) as fresh
        union all
        select run_id, project_id, bucket, field, value, -count from (${formerResultCounts(runs)}) as former) as both_ways
      where field = any (${fields.map(({ id }) => id)}::smallint[])
      group by run_id, project_id, field, bucket, value having sum(count) <> 0) as d
    where ${unmarked}`)
  return rows.map(({ run_id }) => run_id)
}

/** The same of the runs themselves and the number of their results, which is quick to count. */
export async function findDifferentRuns(db: Queryable, runs: readonly string[]): Promise<string[]> {
  const fields = (await findRollupFields(db)).filter(({ source }) => source === 'runs')
  const { rows } = await db.query<{ run_id: string }>(sql`
    select distinct run_id from (
      select run_id from (
        select * from (${freshRuns(fields, runs)}) as fresh
        union all
        select * from (${formerRuns(runs)}) as former) as both_ways
      group by run_id, project_id, bucket, fields, "values", numbers, results having count(*) <> 2) as d
    where ${unmarked}`)
  return rows.map(({ run_id }) => run_id)
}

/** Makes the rollups of results the sums of all contributions; gives how many were not. */
export async function repairResultRollups(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ different: number }>(sql`
    with changed as (
      select c.project_id, e.field, e.bucket, e.value, sum(e.count) as count
      from result_contributions c
      cross join lateral unnest(c.fields, c.buckets, c."values", c.counts) as e (field, bucket, value, count)
      where e.field = any (array(select id from rollup_fields))
      group by c.project_id, e.field, e.bucket, e.value),
    truth as (
      select project_id, field, grain, bucket, value, sum(count) as count from (${raw(spread('count'))}) as grains
      group by project_id, field, grain, bucket, value),
    missing as materialized (
      select project_id, field, grain, bucket, value, coalesce(t.count, 0) - coalesce(r.count, 0) as count
      from truth t full join result_rollups r using (project_id, field, grain, bucket, value)
      where coalesce(t.count, 0) <> coalesce(r.count, 0) and field = any (array(select id from rollup_fields))),
    added as (
      insert into result_rollups as r (project_id, field, grain, bucket, value_hash, count, value)
      select project_id, field, grain, bucket, ${valueHash('value')} as value_hash, count, value from missing
      order by project_id, field, grain, bucket, value_hash
      on conflict (project_id, field, grain, bucket, value_hash) do update set count = r.count + excluded.count)
    select count(*) as different from missing`)
  await tx.query({ text: 'delete from result_rollups where count = 0' })
  return rows[0]?.different ?? 0
}

/** The same of the rollups of runs. */
export async function repairRunRollups(tx: Queryable): Promise<number> {
  const names = eachNumber((name) => name)
  const sums = eachNumber((name) => `sum(${name}) as ${name}`)
  const columns = ['runs', ...runNumbers]
  const { rows } = await tx.query<{ different: number }>(sql`
    with changed as (
      select c.project_id, e.field, c.bucket, e.value, count(*) as runs,
        ${eachNumber((name, place) => `sum(c.numbers[${place}]) as ${name}`)}
      from run_contributions c cross join lateral unnest(c.fields, c."values") as e (field, value)
      where e.field = any (array(select id from rollup_fields))
      group by c.project_id, e.field, c.bucket, e.value),
    spread as (
      select project_id, field, grain, bucket, value, sum(runs) as runs, ${sums}
      from (${raw(spread(columns.join(', ')))}) as grains
      group by project_id, field, grain, bucket, value),
    truth as (
      select * from spread
      union all
      select project_id, field, 'n'::"char", '-infinity'::timestamp, '', count(*), ${eachNumber(() => '0')} from spread
      where field = any (array(select id from rollup_fields where name = ${BUILDS})) group by project_id, field),
    missing as materialized (
      select project_id, field, grain, bucket, value,
        ${raw(columns.map((name) => `coalesce(t.${name}, 0) - coalesce(r.${name}, 0) as ${name}`).join(', '))}
      from truth t full join run_rollups r using (project_id, field, grain, bucket, value)
      where (${raw(columns.map((name) => `coalesce(t.${name}, 0) <> coalesce(r.${name}, 0)`).join(' or '))})
        and field = any (array(select id from rollup_fields))),
    added as (
      insert into run_rollups as r (project_id, field, grain, bucket, value_hash, runs, ${names}, value)
      select project_id, field, grain, bucket, ${valueHash('value')} as value_hash, runs, ${names}, value from missing
      order by project_id, field, grain, bucket, value_hash
      on conflict (project_id, field, grain, bucket, value_hash) do update set runs = r.runs + excluded.runs,
        ${eachNumber((name) => `${name} = r.${name} + excluded.${name}`)})
    select count(*) as different from missing`)
  await tx.query({ text: 'delete from run_rollups where runs = 0' })
  return rows[0]?.different ?? 0
}
