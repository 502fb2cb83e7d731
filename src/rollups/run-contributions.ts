/** What runs themselves add to the rollups of runs: as their rows say now, as it was added, and the difference. */
import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { Queryable } from '../db/queryable.ts'
import { exactSummaryNumber, summaryNumber } from '../filters/summary-number.ts'
import { type ContributingRuns, type EmptyRollup, spread } from './result-contributions.ts'
import { BUILDS, fieldText, type RollupField } from './rollup-fields.ts'
import { eachNumber, placedProject, type RunNumber, runNumbers, valueHash } from './rollup-sql.ts'

/** A number of a run, of `runs`. */
export function runNumber(name: RunNumber): Sql {
  return name.startsWith('exact_') ? exactSummaryNumber(name.slice('exact_'.length)) : summaryNumber(name)
}

/** Runs with their project, hour and numbers, and the fields and values under which they count. */
export function freshRuns(fields: readonly RollupField[], runs: readonly string[]): Sql {
  const values = fields.map((field) => sql`(${raw(String(field.id))}::smallint, ${fieldText(field)})`)
  const listed =
    values.length > 0
      ? sql`select array_agg(id order by id), array_agg(value order by id) from (values ${join(values)}) as f (id, value)
          where value is not null`
      : sql`select null::smallint[], null::text[]`
  return sql`
    select runs.id as run_id, ${placedProject} as project_id, date_trunc('hour', start_time) as bucket,
      coalesce(f.ids, '{}') as fields, coalesce(f.texts, '{}') as "values",
      array[${join(runNumbers.map(runNumber))}]::numeric[] as numbers,
      (select count(*)::integer from results where run_id = runs.id) as results
    from runs cross join lateral (${listed}) as f (ids, texts)
    where runs.id = any (${[...runs]}::uuid[])`
}

/** The same of what was added to the rollups. */
export function formerRuns(runs: readonly string[]): Sql {
  return sql`
    select run_id, project_id, bucket, fields, "values", numbers, results
    from run_contributions where run_id = any (${[...runs]}::uuid[])`
}

/**
 * How long a run is let be after it was rolled up: so long that its results are not read over and over while it grows.
 * Its marks stay meanwhile, and reads take its rows instead of what it contributed.
 */
const pause = raw(`least(f.results / 500, 60) * interval '1 second'`)

/**
 * Like `storeResultContributions` for the runs themselves. Runs that are gone take their row with them. How many different
 * builds there are is kept too: a row of grain `n` goes up with each value that appears, and down with each that goes. It is
 * written last, by every such statement alike.
 */
export async function storeRunContributions(
  tx: Queryable,
  fields: readonly RollupField[],
  runs: ContributingRuns,
  builtTo: number,
): Promise<EmptyRollup[]> {
  const apart = eachNumber((name, place) => `sign * numbers[${place}] as ${name}`)
  const sums = eachNumber((name) => `sum(${name}) as ${name}`)
  const names = eachNumber((name) => name)
  const isBuilds = fields.filter(({ name }) => name === BUILDS).map(({ id }) => id)
  const isChange = sql`sum(runs) <> 0 or ${eachNumber((name) => `sum(${name}) <> 0`, ' or ')}`
  const { rows } = await tx.query<EmptyRollup>(sql`
    with fresh as materialized (${freshRuns(fields, runs.fresh)}),
    former as materialized (${formerRuns(runs.former)}),
    stored as (
      insert into run_contributions (run_id, project_id, bucket, fields, "values", numbers, results, built_to, due)
      select run_id, project_id, bucket, fields, "values", numbers, results, ${builtTo}::smallint, localtimestamp + ${pause}
      from fresh f order by run_id
      on conflict (run_id) do update set project_id = excluded.project_id, bucket = excluded.bucket,
        fields = excluded.fields, "values" = excluded."values", numbers = excluded.numbers, results = excluded.results,
        built_to = excluded.built_to, due = excluded.due),
    gone as (
      delete from run_contributions c where run_id = any (${[...runs.former]}::uuid[])
        and not exists (select from fresh f where f.run_id = c.run_id)),
    both_ways as (
      select *, 1 as sign from fresh union all select *, -1 from former),
    changed as (
      select project_id, field, bucket, value, sum(runs) as runs, ${sums}
      from (
        select b.project_id, b.bucket, e.field, e.value, sign as runs, ${apart}
        from both_ways b cross join lateral unnest(b.fields, b."values") as e (field, value)) as apart
      where field = any (${fields.map(({ id }) => id)}::smallint[])
      group by project_id, field, bucket, value having ${isChange}),
    spread as (
      select project_id, field, grain, bucket, value, sum(runs) as runs, ${sums}
      from (${raw(spread(`runs, ${runNumbers.join(', ')}`))}) as grains
      group by project_id, field, grain, bucket, value having ${isChange}),
    added as (
      insert into run_rollups as r (project_id, field, grain, bucket, value_hash, runs, ${names}, value)
      select project_id, field, grain, bucket, ${valueHash('value')} as value_hash, runs, ${names}, value from spread
      order by project_id, field, grain, bucket, value_hash
      on conflict (project_id, field, grain, bucket, value_hash) do update set runs = r.runs + excluded.runs,
        ${eachNumber((name) => `${name} = r.${name} + excluded.${name}`)}
      returning project_id, field, grain, bucket, value_hash, runs, value),
    appeared as (
      select project_id, field, sum(case when a.runs = s.runs then 1 when a.runs = 0 then -1 else 0 end) as different
      from added a join spread s using (project_id, field, grain, bucket, value)
      where a.grain = 'a' and s.runs <> 0 and field = any (${isBuilds}::smallint[])
      group by project_id, field),
    counted as (
      insert into run_rollups as r (project_id, field, grain, bucket, value_hash, runs, ${names}, value)
      select project_id, field, 'n', '-infinity', ${valueHash(`''`)}, different, ${eachNumber(() => '0')}, ''
      from appeared where different <> 0 order by project_id
      on conflict (project_id, field, grain, bucket, value_hash) do update set runs = r.runs + excluded.runs)
    select project_id, field, grain, bucket, value_hash from added where runs = 0`)
  return rows
}
