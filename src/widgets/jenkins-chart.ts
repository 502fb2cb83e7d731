import type { AppContext } from '../context.ts'
import { type JenkinsJob, listJobs } from './jenkins-jobs.ts'
import { needInteger, needText } from './params.ts'
import { equals, JOB_NAME } from './selection.ts'
import type { WidgetCall } from './widget.ts'

/** Charts look at so many runs for each build, newest first; the oldest build may be a partial one. */
const RUNS_PER_BUILD = 8000 / 150

/** The newest builds of the job that a chart names. */
export async function chartedJobs(ctx: AppContext, { params, scope }: WidgetCall): Promise<JenkinsJob[]> {
  const filters = equals(JOB_NAME, needText(params, 'job_name'))
  const builds = needInteger(params, 'builds', 1)
  const runLimit = Math.min(Math.floor(RUNS_PER_BUILD * builds), Number.MAX_SAFE_INTEGER)
  const { jobs } = await listJobs(ctx, { scope, filters, page: 1, pageSize: builds, runLimit })
  return jobs
}

/** One number for each build. */
export function byBuild(jobs: readonly JenkinsJob[], read: (job: JenkinsJob) => number): Record<string, number> {
  return Object.fromEntries(jobs.map((job) => [String(job.build_number), read(job)]))
}
