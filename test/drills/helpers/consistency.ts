import { runSql } from '../../helpers/database.ts'
import { eventually } from '../../helpers/server.ts'

/** Waits until nothing is left to be counted, built or run. */
export async function settle(url: string, timeoutMs = 60_000): Promise<string[]> {
  const open = () =>
    runSql<{ what: string }>(
      url,
      `select 'run_changes' as what from run_changes union select 'rollup_changes' from rollup_changes
        union select 'job ' || name from jobs where state in ('queued', 'running')
        union select 'rollups of ' || source from rollup_fields where not ready`,
    )
  const left = await eventually(open, ({ length }) => length === 0, timeoutMs)
  return left.map(({ what }) => what)
}

/** Counts again, in its own words, what the server keeps: summaries of runs and rollups. Gives a line for each difference. */
export async function findDifferences(url: string): Promise<string[]> {
  const rows = await runSql<{ line: string }>(
    url,
    `with recounted as (
        select run_id, count(*) as tests, count(*) filter (where result = 'failed') as failures,
          count(*) filter (where result = 'error') as errors, count(*) filter (where result = 'skipped') as skips
        from results where run_id is not null group by run_id),
      kept as (
        select run_id, coalesce((summary ->> 'tests')::int, 0) as tests, coalesce((summary ->> 'failures')::int, 0) as failures,
          coalesce((summary ->> 'errors')::int, 0) as errors, coalesce((summary ->> 'skips')::int, 0) as skips
        from runs r join recounted c on c.run_id = r.id),
      outcomes as (
        select coalesce(project_id, '00000000-0000-0000-0000-000000000000') as project_id, result as value, count(*) as count
        from results where run_id is not null and result is not null group by 1, 2),
      rolled as (
        select project_id, value, count from result_rollups
        where grain = 'a' and field = (select id from rollup_fields where source = 'results' and name = 'result')),
      components as (
        select coalesce(project_id, '00000000-0000-0000-0000-000000000000') as project_id, component as value, count(*) as count
        from runs where component is not null group by 1, 2),
      rolled_runs as (
        select project_id, value, runs as count from run_rollups
        where grain = 'a' and field = (select id from rollup_fields where source = 'runs' and name = 'component'))
    (select 'summary of run ' || c.run_id || ': ' || k::text || ', a recount ' || c::text as line
      from recounted c join kept k using (run_id) where c::text <> k::text limit 5)
    union all
    (select 'results of ' || value || ' in ' || project_id || ': ' || coalesce(r.count::text, 'none') || ', a recount ' || coalesce(o.count::text, 'none')
      from outcomes o full join rolled r using (project_id, value) where o.count is distinct from r.count limit 5)
    union all
    (select 'runs of ' || value || ' in ' || project_id || ': ' || coalesce(r.count::text, 'none') || ', a recount ' || coalesce(c.count::text, 'none')
      from components c full join rolled_runs r using (project_id, value) where c.count is distinct from r.count limit 5)`,
  )
  return rows.map(({ line }) => line)
}
