import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { type MetricState, metricState } from './metric-table.ts'

/** How often the event loop is probed; the probe's own pause is taken off its results. */
const probeMs = 20

export interface ProcessMetrics {
  read(): MetricState[]
  close(): void
}

/** Watches this process: event loop, CPU, memory. Lag and utilization are those since the last `read`. */
export function watchProcess(role: string): ProcessMetrics {
  const lag = monitorEventLoopDelay({ resolution: probeMs })
  lag.enable()
  const labels = { role, pid: process.pid }
  const startedAt = Math.round(Date.now() / 1000 - process.uptime())
  let utilization: EventLoopUtilization = performance.eventLoopUtilization()

  return {
    read() {
      const cpu = process.cpuUsage()
      const memory = process.memoryUsage()
      const now = performance.eventLoopUtilization()
      const busy = performance.eventLoopUtilization(now, utilization).utilization
      utilization = now
      const lags = { mean: lag.mean, p99: lag.percentile(99), max: lag.max }
      lag.reset()
      const kinds = {
        resident: memory.rss,
        heap_used: memory.heapUsed,
        heap_total: memory.heapTotal,
        external: memory.external,
      }
      return [
        metricState(
          'ibutsu_event_loop_lag_seconds',
          Object.entries(lags).map(([stat, ns]) => ({ labels: { ...labels, stat }, value: lagSeconds(ns) })),
        ),
        metricState('ibutsu_event_loop_utilization_ratio', [{ labels, value: busy }]),
        metricState('ibutsu_process_cpu_seconds_total', [
          { labels: { role, mode: 'user' }, value: cpu.user / 1e6 },
          { labels: { role, mode: 'system' }, value: cpu.system / 1e6 },
        ]),
        metricState(
          'ibutsu_process_memory_bytes',
          Object.entries(kinds).map(([kind, value]) => ({ labels: { ...labels, kind }, value })),
        ),
        metricState('ibutsu_process_start_time_seconds', [{ labels, value: startedAt }]),
      ]
    },
    close() {
      lag.disable()
    },
  }
}

/** A histogram without a probe yet says NaN for its mean and 0 or 2^63 for the rest. */
function lagSeconds(nanoseconds: number): number {
  const seconds = nanoseconds / 1e9 - probeMs / 1e3
  return seconds > 0 && seconds < 1e9 ? seconds : 0
}
