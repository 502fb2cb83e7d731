import { systemClock } from '../context.ts'
import { recountPaces } from '../jobs/recount-schedule.ts'
import { startJobs } from '../jobs/start-jobs.ts'
import { createLog } from '../logging/process-log.ts'
import { startMetricsServer } from '../metrics/metrics-server.ts'
import { openContext } from '../open-context.ts'
import { prepareDatabase } from '../processes/prepare-process.ts'
import { exitCodes } from '../supervisor/exit-codes.ts'
import { readDevelopmentConfig, untilStopped } from './web.ts'

/** One job process without a supervisor, for a debugger. */
export async function runWorkerCommand(argv: readonly string[]): Promise<number> {
  const { config, url } = readDevelopmentConfig(argv)
  const log = createLog(config, 'job')
  await prepareDatabase(config, url, log)
  const { ctx, close } = await openContext(config, url, log, systemClock, 'worker', recountPaces.worker)
  const metrics = config.metricsBind && startMetricsServer({ bind: config.metricsBind, metrics: ctx.metrics, log })
  const jobs = startJobs(ctx)
  log.info(`Working (${process.pid})`)
  const alive = setInterval(() => undefined, 60_000)
  await untilStopped()
  clearInterval(alive)
  await jobs.stop(config.gracefulTimeoutSeconds * 1000)
  await metrics?.close()
  await close()
  return exitCodes.stopped
}
