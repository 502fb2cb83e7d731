import cluster from 'node:cluster'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { CallerCache } from './access/caller-cache.ts'
import { followAccessChanges } from './access/follow-access-changes.ts'
import { createOutgoingHttp } from './clients/outgoing-http.ts'
import type { Config } from './config.ts'
import { type AppContext, type Clock, systemClock } from './context.ts'
import { createDatabase } from './db/database.ts'
import { createJobCalls } from './jobs/job-calls.ts'
import { watchJobCounts } from './jobs/job-counts.ts'
import { jobNames } from './jobs/job-names.ts'
import { createRecountSchedule, type RecountPace, recountPaces } from './jobs/recount-schedule.ts'
import { createMetrics, type Metrics, noMetrics } from './metrics/metrics.ts'
import { answerMetricsQuestions } from './metrics/worker-metrics.ts'
import type { StopTracing } from './tracing/start-tracing.ts'
import { programVersion } from './version.ts'

/** A context and the way to close it, which takes its parts down in the opposite order. */
export interface OpenContext {
  readonly ctx: AppContext
  close(): Promise<void>
}

/**
 * Opens what a process needs: database pool, caller cache fed by notifications, recounts, the way to announce jobs.
 * `pace` says whether other processes recount as well.
 */
export async function openContext(
  config: Config,
  url: string,
  log: Logger,
  clock: Clock = systemClock,
  role: 'web' | 'worker' = 'web',
  pace: RecountPace = recountPaces.alone,
): Promise<OpenContext> {
  const db = createDatabase({
    url,
    log,
    applicationName: `ibutsu ${role} ${hostname()}`,
    poolSize: config.databasePoolSize,
    statementTimeoutMs: config.statementTimeoutSeconds * 1000,
    retryMs: config.databaseRetrySeconds * 1000,
    ...(config.databaseListenUrl ? { listenUrl: config.databaseListenUrl } : {}),
  })
  const metrics = config.metricsBind ? createMetrics({ role, version: programVersion() }) : noMetrics
  metrics.watchPool(() => db.use())
  const jobCounts = metrics === noMetrics ? undefined : watchJobCounts(db, log)
  metrics.watchJobs(jobNames, () => jobCounts?.read() ?? null)
  const sendLastMetrics = answerSupervisor(metrics)
  const stopTracing = await startTracing(config, role, log)
  const callers = new CallerCache()
  const recounts = createRecountSchedule(db, log, pace)
  const jobs = createJobCalls(db, config.brokerUrl, log)
  const outgoing = createOutgoingHttp(config)
  const stopListening = await followAccessChanges(db, callers, log)
  return {
    ctx: { config, log, clock, db, callers, recounts, jobs, outgoing, metrics, lifecycle: { draining: false } },
    async close() {
      callers.switchOff()
      await recounts.close()
      await jobCounts?.close()
      await jobs.close()
      await outgoing.close()
      await stopListening()
      await db.close()
      await stopTracing?.()
      await sendLastMetrics?.()
      metrics.close()
    },
  }
}

/** Below a supervisor, which serves the metrics of all; a process of its own serves its own. */
function answerSupervisor(metrics: Metrics): (() => Promise<void>) | undefined {
  return cluster.isWorker && metrics !== noMetrics ? answerMetricsQuestions(() => metrics.read()) : undefined
}

/** OpenTelemetry is loaded only where traces are wanted. */
async function startTracing(config: Config, role: string, log: Logger): Promise<StopTracing | undefined> {
  if (!config.traceEndpoint) return undefined
  const tracing = await import('./tracing/start-tracing.ts')
  return tracing.startTracing({
    endpoint: config.traceEndpoint,
    ratio: config.traceRatio,
    role,
    version: programVersion(),
    log,
  })
}
