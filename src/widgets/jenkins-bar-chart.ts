import type { components } from '../../generated/types.ts'
import { byBuild, chartedJobs } from './jenkins-chart.ts'
import type { Widget } from './widget.ts'

/** The outcomes of a job's newest builds (widgets.md 4). */
export const jenkinsBarChart: Widget<components['schemas']['WidgetJenkinsBarChart']> = {
  mandatory: ['job_name', 'builds'],
  async answer(ctx, call) {
    const jobs = await chartedJobs(ctx, call)
    return {
      passed: byBuild(jobs, ({ summary }) => summary.passes),
      skipped: byBuild(jobs, ({ summary }) => summary.skips),
      error: byBuild(jobs, ({ summary }) => summary.errors),
      failed: byBuild(jobs, ({ summary }) => summary.failures),
      xpassed: byBuild(jobs, ({ summary }) => summary.xpasses),
      xfailed: byBuild(jobs, ({ summary }) => summary.xfailures),
    }
  },
}
