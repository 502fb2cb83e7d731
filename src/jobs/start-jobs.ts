import type { AppContext } from '../context.ts'
import { type JobWorker, startJobWorker } from './job-worker.ts'
import { startScheduler } from './scheduler.ts'

/** What a job process does, by its roles: run jobs, make those of the clock, or both. */
export function startJobs(ctx: AppContext): Pick<JobWorker, 'stop'> {
  const { roles } = ctx.config
  const scheduler = roles.includes('scheduler') ? startScheduler(ctx) : undefined
  const worker = roles.includes('worker') ? startJobWorker(ctx) : undefined
  return {
    async stop(graceMs) {
      await Promise.all([scheduler?.stop(), worker?.stop(graceMs)])
    },
  }
}
