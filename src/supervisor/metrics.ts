import type { Cluster } from 'node:cluster'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { programVersion } from '../version.ts'
import type { WorkerInfo } from './arbiter.ts'

/** What the supervisor measures and serves; nothing, and not even loaded, without METRICS_BIND. */
export interface SupervisorMetrics {
  countRestart(role: string, reason: string): void
  watchWorkers(read: () => readonly WorkerInfo[]): void
  close(): Promise<void>
}

const nothing: SupervisorMetrics = {
  countRestart() {},
  watchWorkers() {},
  close: async () => undefined,
}

export async function openSupervisorMetrics(
  { metricsBind: bind }: Config,
  log: Logger,
  cluster: Cluster,
): Promise<SupervisorMetrics> {
  if (!bind) return nothing
  const [{ createMetrics }, { startMetricsServer }] = await Promise.all([
    import('../metrics/metrics.ts'),
    import('../metrics/metrics-server.ts'),
  ])
  const metrics = createMetrics({ role: 'supervisor', version: programVersion() })
  const server = startMetricsServer({ bind, metrics, log, cluster })
  return {
    countRestart: (role, reason) => metrics.countRestart(labelOf(role), reason),
    watchWorkers: (read) =>
      metrics.watchWorkers(() => read().map(({ role, state }) => ({ role: labelOf(role), state }))),
    async close() {
      await server.close()
      metrics.close()
    },
  }
}

/** Metrics call roles as ROLES does. */
const labelOf = (role: string) => (role === 'job' ? 'worker' : role)
