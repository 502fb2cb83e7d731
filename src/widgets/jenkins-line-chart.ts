import type { components } from '../../generated/types.ts'
import { byBuild, chartedJobs } from './jenkins-chart.ts'
import { round2 } from './rounding.ts'
import type { Widget } from './widget.ts'

const hours = (seconds: number | null): number => round2((seconds ?? 0) / 3600)

/** How long a job's newest builds took, and their work too where that differs for any of them (widgets.md 4). */
export const jenkinsLineChart: Widget<components['schemas']['WidgetJenkinsLineChart']> = {
  mandatory: ['job_name', 'builds'],
  async answer(ctx, call) {
    const jobs = await chartedJobs(ctx, call)
    const duration = byBuild(jobs, (job) => hours(job.duration))
    const differs = jobs.some((job) => job.total_execution_time !== job.duration)
    if (!differs) return { duration }
    return { duration, total_execution_time: byBuild(jobs, (job) => hours(job.total_execution_time)) }
  },
}
