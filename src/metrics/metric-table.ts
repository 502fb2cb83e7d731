/** How one metric is described. `aggregator` says how the values of several processes with the same labels become one. */
export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  readonly aggregator: 'sum' | 'max'
}

const row =
  (type: MetricRow['type'], aggregator: MetricRow['aggregator'] = 'sum') =>
  (labels: string, help: string): MetricRow => ({
    type,
    help,
    labels: labels.split(' ').filter(Boolean),
    aggregator,
  })
const counter = row('counter')
const gauge = row('gauge')
const histogram = row('histogram')
const same = row('gauge', 'max')

/**
 * Every metric that the server has, once. docs/observability.md lists the same rows, and the dashboard and the alert
 * rules may name no other (test/unit/metrics/metric-names.test.ts).
 */
export const metricTable = {
  ibutsu_build_info: same('version node', 'Always 1; the labels say what runs'),
  ibutsu_http_requests_total: counter(
    'operation method status',
    'Requests that ended. operation is the operationId, "unmatched" for an unknown path or method, "page" for the pages beside the interface; status is "aborted" when the client left first',
  ),
  ibutsu_http_request_duration_seconds: histogram(
    'operation method status',
    'Time from the head of the request to the end of its answer',
  ),
  ibutsu_http_requests_in_flight: gauge('', 'Requests that have begun and not ended'),
  ibutsu_event_loop_lag_seconds: gauge(
    'role pid stat',
    'How late the event loop ran its timers since the last scrape: mean, p99, max',
  ),
  ibutsu_event_loop_utilization_ratio: gauge(
    'role pid',
    'Part of the time since the last scrape in which the event loop was busy, 0 to 1',
  ),
  ibutsu_process_cpu_seconds_total: counter('role mode', 'CPU time: user, system'),
  ibutsu_process_memory_bytes: gauge('role pid kind', 'Memory: resident, heap_used, heap_total, external'),
  ibutsu_process_start_time_seconds: gauge('role pid', 'When the process started, in seconds since 1970'),
  ibutsu_database_connections: gauge('role state', 'Connections of the pools: busy, idle'),
  ibutsu_database_connections_limit: gauge('role', 'The most connections that the pools may open'),
  ibutsu_database_waiting: gauge('role', 'Statements and transactions that wait for a free connection now'),
  ibutsu_database_waits_total: counter('role', 'How often something had to wait for a free connection'),
  ibutsu_database_wait_seconds_total: counter('role', 'How long these waits took together'),
  ibutsu_database_away: gauge('role', 'Processes whose last word of the database was that it is away'),
  ibutsu_jobs: same('name state', 'Jobs in the table that wait or run: queued, running'),
  ibutsu_jobs_longest_wait_seconds: same('', 'How long the job that has been due longest waits for a worker'),
  ibutsu_job_tries_total: counter(
    'name outcome',
    'Tries of jobs that ended: done, failed (and not tried again), retried (failed and to be tried again)',
  ),
  ibutsu_job_duration_seconds: histogram('name', 'How long a try of a job took'),
  ibutsu_workers: gauge('role state', 'Worker processes by state'),
  ibutsu_worker_restarts_total: counter('role reason', 'Workers that ended or were ended and were replaced, by reason'),
  ibutsu_metrics_silent_workers: gauge('', 'Workers that did not answer this scrape in time; their last values count'),
} as const satisfies Record<string, MetricRow>

export type MetricName = keyof typeof metricTable

/** One value. `metricName` tells a histogram's parts apart (`_bucket`, `_sum`, `_count`). */
export interface MetricValue {
  readonly value: number
  readonly labels: Readonly<Record<string, string | number>>
  readonly metricName?: string
}

/** A metric with its values in the form that prom-client aggregates. Plain data: it travels between processes. */
export interface MetricState {
  readonly name: string
  readonly help: string
  readonly type: MetricRow['type']
  readonly aggregator: MetricRow['aggregator']
  readonly values: readonly MetricValue[]
}

/** Puts values under a metric of the table. */
export function metricState(name: MetricName, values: readonly MetricValue[]): MetricState {
  const { help, type, aggregator } = metricTable[name]
  return { name, help, type, aggregator, values }
}
