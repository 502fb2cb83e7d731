/** Builds of Jenkins jobs over all their runs, for the job view and its charts. */
import sql, { type Sql } from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { Queryable } from '../db/queryable.ts'
import type { Filter } from '../filters/grammar.ts'
import { tables } from '../filters/tables.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { formatTime } from '../time/format-time.ts'
import {
  BUILD_NUMBER,
  compileSelection,
  JOB_NAME,
  jenkinsText,
  present,
  type SummaryNumbers,
  summaryColumns,
} from './selection.ts'

export type JenkinsJob = components['schemas']['WidgetJenkinsJob']

export interface JobQuery {
  readonly scope: ProjectScope
  readonly filters: readonly Filter[]
  readonly page: number
  readonly pageSize: number
  /** Only so many of the newest runs are looked at; null means all. */
  readonly runLimit: number | null
}

interface JobRow extends SummaryNumbers {
  readonly job_name: string
  readonly build_number: string
  readonly build_url: string | null
  readonly began: string
  /** Seconds between the first and the last start. */
  readonly span: number
  readonly longest: number | null
  readonly work: number | null
  readonly env: string | null
  readonly source: string | null
}

/**
 * A page of builds, the last to begin first, and how many there are in all.
 * @throws ApiError invalid_filter, statement_timeout
 */
export async function listJobs(db: Queryable, query: JobQuery): Promise<{ jobs: JenkinsJob[]; totalItems: number }> {
  const filters = [...query.filters, present(BUILD_NUMBER), present(JOB_NAME)]
  const runs = selectRuns(query, filters)
  return withFilterErrors(filters, async () => {
    const { rows, total } = await readBuilds(db, runs, query)
    return { jobs: rows.map(toJob), totalItems: total ?? (await countBuilds(db, runs)) }
  })
}

function toJob(row: JobRow): JenkinsJob {
  const { tests, errors, failures, skips, xfailures, xpasses } = row
  const passes = tests - (errors + failures + skips + xfailures + xpasses)
  return {
    _id: `${row.job_name}-${row.build_number}`,
    build_number: row.build_number,
    build_url: row.build_url,
    duration: row.span + (row.longest ?? 0),
    env: row.env,
    job_name: row.job_name,
    source: row.source,
    start_time: formatTime(row.began),
    summary: { xfailures, xpasses, errors, failures, skips, tests, passes },
    total_execution_time: row.work,
  }
}

function selectRuns({ scope, runLimit }: JobQuery, filters: readonly Filter[]): Sql {
  const newest = runLimit === null ? sql`` : sql`order by start_time desc, id limit ${runLimit}::bigint`
  return sql`
    select ${jenkinsText(tables.runs, 'job_name')} as job_name, ${jenkinsText(tables.runs, 'build_number')} as build_number,
      ${jenkinsText(tables.runs, 'build_url')} as build_url, start_time, ${finiteDuration} as duration, env, source, ${summaryColumns}
    from runs where ${compileSelection(tables.runs, scope, filters)} ${newest}`
}

/** An adopted database may hold times and durations that are no numbers in JSON; they count as missing. */
const finiteDuration = sql`case when duration > '-infinity' and duration < 'infinity' then duration end`
const finiteSpan = sql`extract(epoch from
  max(start_time) filter (where isfinite(start_time)) - min(start_time) filter (where isfinite(start_time)))`

/** The rows of a page; the total is null on a page behind the last one, which can't tell it. */
async function readBuilds(
  db: Queryable,
  runs: Sql,
  { page, pageSize }: JobQuery,
): Promise<{ rows: JobRow[]; total: number | null }> {
  const { rows } = await db.query<JobRow & { total: number }>(sql`
    select job_name, build_number, min(build_url) as build_url, min(start_time) as began,
      coalesce(${finiteSpan}, 0)::float8 as span, max(duration) as longest,
      sum(duration) as work, min(env) as env, min(source) as source, sum(tests) as tests, sum(errors) as errors,
      sum(failures) as failures, sum(skips) as skips, sum(xfailures) as xfailures, sum(xpasses) as xpasses,
      count(*) over () as total
    from (${runs}) as selected
    group by job_name, build_number order by max(start_time) desc, job_name, build_number desc
    limit ${pageSize}::bigint offset ${String((BigInt(page) - 1n) * BigInt(pageSize))}::bigint`)
  return { rows, total: rows[0]?.total ?? (page === 1 ? 0 : null) }
}

async function countBuilds(db: Queryable, runs: Sql): Promise<number> {
  const { rows } = await db.query<{ total: number }>(
    sql`select count(*) as total from (select from (${runs}) as selected group by job_name, build_number) as builds`,
  )
  return rows[0]?.total ?? 0
}
