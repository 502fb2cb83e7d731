import { systemClock } from '../context.ts'
import { recountPaces } from '../jobs/recount-schedule.ts'
import { startJobs } from '../jobs/start-jobs.ts'
import { createLog } from '../logging/process-log.ts'
import { openContext } from '../open-context.ts'
import { createFinish } from './finish.ts'
import type { SupervisorLink } from './supervisor-link.ts'
import { startWatchdog } from './watchdog.ts'

/** Of the time to drain, what running jobs get; then they are given back and connections are closed. */
const STOP_SHARE = 0.8

/** Runs jobs, or makes those of the clock, or both, as ROLES says. */
export async function runJob(link: SupervisorLink): Promise<void> {
  const { config, databaseUrl } = await link.assignment
  const log = createLog(config, 'job')
  const { ctx, close } = await openContext(config, databaseUrl, log, systemClock, 'worker', recountPaces.worker)
  const jobs = startJobs(ctx)
  const finish = createFinish(close)
  link.onDrain((graceMs) => void jobs.stop(graceMs * STOP_SHARE).finally(finish))
  link.beat(() => 0)
  link.send({ type: 'ready' })
  // Its sweep does not keep the process alive, and the channel alone would end it with the supervisor.
  setInterval(() => undefined, 60_000)
  startWatchdog(log)
}
