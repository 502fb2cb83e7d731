import type { Queryable } from '../db/queryable.ts'

/** Which marks are taken: those of at most so many runs, those of one run, all but those of some runs. */
export interface MarkChoice {
  readonly limit?: number
  readonly of?: string
  readonly except?: readonly string[]
}

/** Takes marks that nobody else is working on, and gives the ids of their runs. */
export async function takeMarks(tx: Queryable, { limit, of, except = [] }: MarkChoice): Promise<string[]> {
  const { rows } = await tx.query<{ run_id: string }>({
    name: 'take-run-marks',
    text: `delete from run_changes where ctid = any (array(
        select ctid from run_changes where run_id in (
            select run_id from run_changes
            where run_id = coalesce($2::uuid, run_id) and run_id <> all ($3::uuid[])
            group by run_id limit $1)
        for update skip locked))
      returning run_id`,
    values: [limit ?? null, of ?? null, except],
  })
  return [...new Set(rows.map(({ run_id }) => run_id))]
}

/** Locks runs in the order of their ids, so that two recounts never wait for each other in a circle; gives those that exist. */
export async function lockRuns(tx: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'lock-runs',
    text: 'select id from runs where id = any ($1::uuid[]) order by id for no key update',
    values: [ids],
  })
  return rows.map(({ id }) => id)
}

/** What counts as empty in metadata. */
const empty = (value: string) => `coalesce(${value}, 'null') in ('null', '""', '{}', '[]', '0', 'false')`

/** The first result's value under a metadata key, as an object to lay over metadata where the run's own is empty. */
const filled = (key: string) =>
  `case when ${empty(`r.data -> '${key}'`)} and not ${empty(`f.data -> '${key}'`)}
     then jsonb_build_object('${key}', f.data -> '${key}') else '{}' end`

/**
 * Recounts runs from their results (jobs.md 3, D30). A run with results gets its ten counts and the sum of durations, and
 * takes env, component, source, project and metadata's jenkins and tags from its first result where its own are empty; other
 * keys of its summary stay. A run without results keeps what its client said; what is missing is 0. Durations that no test
 * can have are left out of the sum: past the largest double PostgreSQL fails, and the marks of all runs would wait for ever.
 * Rows that would not change are not written.
 */
export async function recountRuns(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query({
    name: 'recount-runs',
    text: `with counted as (
        select r.id, c.tests,
          case when c.tests = 0 then
            '{"errors": 0, "failures": 0, "skips": 0, "tests": 0, "xpasses": 0, "xfailures": 0, "collected": 0,
              "passes": 0, "pass_percent": 0, "not_run": 0}'::jsonb || told.summary
          else told.summary || jsonb_build_object('errors', c.errors, 'failures', c.failures, 'skips', c.skips,
            'tests', c.tests, 'xpasses', c.xpasses, 'xfailures', c.xfailures, 'collected', told.collected,
            'passes', c.passes, 'pass_percent', c.passes * 100 / c.tests,
            'not_run', greatest(told.collected - c.tests, 0))
          end as summary,
          case when c.tests = 0 then coalesce(r.duration, 0) else c.duration end as duration,
          coalesce(nullif(r.env, ''), f.env) as env,
          coalesce(nullif(r.component, ''), f.component) as component,
          coalesce(nullif(r.source, ''), f.source) as source,
          coalesce(r.project_id, f.project_id) as project_id,
          case when f.data is null then r.data
            else coalesce(r.data, '{}') || ${filled('jenkins')} || ${filled('tags')} end as data
        from runs r
        cross join lateral (
          select coalesce(jsonb_object_agg(key, value) filter (where value <> 'null'), '{}') as summary,
            coalesce(max(case when key = 'collected' and jsonb_typeof(value) = 'number' then value::numeric end), 0) as collected
          from jsonb_each(case when jsonb_typeof(r.summary) = 'object' then r.summary else '{}' end)) told
        cross join lateral (
          select n.*, n.tests - n.errors - n.failures - n.skips - n.xpasses - n.xfailures as passes
          from (
            select count(*) as tests,
              count(*) filter (where result = 'error') as errors,
              count(*) filter (where result = 'failed') as failures,
              count(*) filter (where result = 'skipped') as skips,
              count(*) filter (where result = 'xpassed') as xpasses,
              count(*) filter (where result = 'xfailed') as xfailures,
              coalesce(sum(duration) filter (where abs(duration) < 1e290), 0) as duration
            from results where run_id = r.id) n) c
        left join lateral (
          select env, component, source, project_id, data from results
          where run_id = r.id order by start_time, id limit 1) f on true
        where r.id = any ($1::uuid[]))
      update runs r set summary = c.summary, duration = c.duration, env = c.env, component = c.component,
        source = c.source, project_id = c.project_id, data = c.data
      from counted c
      where c.id = r.id
        and (r.summary, r.duration, r.env, r.component, r.source, r.project_id, r.data)
          is distinct from (c.summary, c.duration, c.env, c.component, c.source, c.project_id, c.data)`,
    values: [ids],
  })
}
