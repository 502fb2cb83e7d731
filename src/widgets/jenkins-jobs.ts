/** Builds of Jenkins jobs over all their runs, for the job view and its charts. */
import sql, { type Sql } from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { AppContext } from '../context.ts'
import { prepareIf } from '../db/prepare.ts'
import type { Queryable } from '../db/queryable.ts'
import type { Filter } from '../filters/grammar.ts'
import { tables } from '../filters/tables.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { canAsk, countBuilds } from '../rollups/read-rollups.ts'
import { formatTime } from '../time/format-time.ts'
import {
  BUILD_NUMBER,
  compileSelection,
  JOB_NAME,
  jenkinsText,
  ofBuild,
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
export async function listJobs(ctx: AppContext, query: JobQuery): Promise<{ jobs: JenkinsJob[]; totalItems: number }> {
  const { db } = ctx
  const filters = [...query.filters, present(BUILD_NUMBER), present(JOB_NAME)]
  const runs = selectRuns(query, filters)
  return withFilterErrors(filters, async () => {
    const counted = countAllBuilds(db, query)
    const newest = await readNewestBuilds(db, query, filters)
    const known = await counted
    if (newest) return { jobs: newest.map(toJob), totalItems: known ?? (await countSelected(db, runs)) }
    const { rows, total } = await readBuilds(db, runs, query)
    return { jobs: rows.map(toJob), totalItems: total ?? (await countSelected(db, runs)) }
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
    select ${jobName} as job_name, ${buildNumber} as build_number, ${runColumns}
    from runs where ${compileSelection(tables.runs, scope, filters)} ${newest}`
}

const jobName = jenkinsText(tables.runs, 'job_name')
const buildNumber = jenkinsText(tables.runs, 'build_number')

/** An adopted database may hold times and durations that are no numbers in JSON; they count as missing. */
const finiteDuration = sql`case when duration > '-infinity' and duration < 'infinity' then duration end`
const finiteSpan = sql`extract(epoch from
  max(start_time) filter (where isfinite(start_time)) - min(start_time) filter (where isfinite(start_time)))`

const runColumns = sql`${jenkinsText(tables.runs, 'build_url')} as build_url, start_time, ${finiteDuration} as duration, env,
  source, ${summaryColumns}`

/** What a build is made of, of the columns of its runs. */
const buildColumns = sql`min(build_url) as build_url, min(start_time) as began, coalesce(${finiteSpan}, 0)::float8 as span,
  max(duration) as longest, sum(duration) as work, min(env) as env, min(source) as source, sum(tests) as tests,
  sum(errors) as errors, sum(failures) as failures, sum(skips) as skips, sum(xfailures) as xfailures,
  sum(xpasses) as xpasses`

/** A page that ends behind so many builds is better made of all runs at once. */
const NEAR_BUILDS = 500
const FEWEST_WALKED = 100
const MOST_WALKED = 20_000

/**
 * The builds of a page without reading all runs: the builds come in the order in which they are met going back in time, so
 * only as many runs are walked as it takes to meet those of the page. Null where that is no shorter way.
 */
async function readNewestBuilds(db: Queryable, query: JobQuery, filters: readonly Filter[]): Promise<JobRow[] | null> {
  const { page, pageSize, runLimit, scope } = query
  const until = page * pageSize
  if (runLimit !== null || until > NEAR_BUILDS) return null
  const where = compileSelection(tables.runs, scope, filters)
  for (let walked = Math.max(FEWEST_WALKED, 2 * until); walked <= MOST_WALKED; walked *= 8) {
    const statement = sql`
      with walked as materialized (
        select ${jobName} as job_name, ${buildNumber} as build_number, start_time
        from runs where ${where} order by start_time desc, id limit ${walked}::bigint),
      met as materialized (select job_name, build_number, max(start_time) as last from walked group by 1, 2),
      shown as materialized (
        select * from met order by last desc, job_name, build_number desc
        limit ${pageSize}::bigint offset ${until - pageSize}::bigint),
      sure as (
        select (select count(*) from walked) < ${walked}::bigint
          or (select count(*) from met where last > (select min(start_time) from walked)) >= ${until}::bigint as sure)
      select sure, b.* from sure left join (
        select shown.job_name, shown.build_number, shown.last, built.*
        from shown cross join lateral (
          select ${buildColumns} from (
            select ${runColumns} from runs
            where ${where} and ${ofBuild(sql`shown.job_name`, sql`shown.build_number`)}) as own) as built) as b on sure
      order by last desc, job_name, build_number desc`
    const { rows } = await db.query<JobRow & { sure: boolean }>(prepareIf(query.filters.length === 0, statement))
    if (rows[0]?.sure) return rows.filter(({ job_name }) => job_name !== null)
  }
  return null
}

/** How many builds there are, from rollups; null where those can't tell. */
async function countAllBuilds(db: Queryable, { scope, filters, runLimit }: JobQuery): Promise<number | null> {
  const isProject = !scope.all && scope.ids.length === 1 && canAsk(scope)
  if (!isProject || filters.length > 0 || runLimit !== null) return null
  return countBuilds(db, scope)
}

/** The rows of a page; the total is null on a page behind the last one, which can't tell it. */
async function readBuilds(
  db: Queryable,
  runs: Sql,
  { page, pageSize }: JobQuery,
): Promise<{ rows: JobRow[]; total: number | null }> {
  const { rows } = await db.query<JobRow & { total: number }>(sql`
    select job_name, build_number, ${buildColumns}, count(*) over () as total
    from (${runs}) as selected
    group by job_name, build_number order by max(start_time) desc, job_name, build_number desc
    limit ${pageSize}::bigint offset ${String((BigInt(page) - 1n) * BigInt(pageSize))}::bigint`)
  return { rows, total: rows[0]?.total ?? (page === 1 ? 0 : null) }
}

async function countSelected(db: Queryable, runs: Sql): Promise<number> {
  const { rows } = await db.query<{ total: number }>(
    sql`select count(*) as total from (select from (${runs}) as selected group by job_name, build_number) as builds`,
  )
  return rows[0]?.total ?? 0
}
