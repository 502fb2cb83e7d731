import type { PoolUse } from '../db/pool-use.ts'
import { JobCells, type JobCount, type JobOutcome, jobGauges } from './job-cells.ts'
import { type MetricState, type MetricValue, metricState } from './metric-table.ts'
import { type ProcessMetrics, watchProcess } from './process-metrics.ts'
import { RequestCells } from './request-cells.ts'

/** What one process measures. It is made at the start of each and handed to `read` whoever serves it. */
export interface Metrics {
  /** A request has begun: its head was read. */
  requestStarted(): void
  /**
   * A request ended. `operation` is its operationId, `unmatched` or `page`; `status` is `aborted` when the client left
   * before the answer was out.
   */
  requestEnded(operation: string, method: string, status: number | 'aborted', seconds: number): void
  /** Reports the use of a database pool from now on. */
  watchPool(read: () => PoolUse): void
  /** Reports the jobs of these names from now on: the tries of this process, and what `read` says of the table. */
  watchJobs(names: readonly string[], read: () => readonly JobCount[] | null): void
  /** A try of a job ended; `seconds` is null where nothing ran. */
  jobEnded(name: string, outcome: JobOutcome, seconds: number | null): void
  /** Reports the workers of a supervisor from now on. */
  watchWorkers(read: () => Iterable<WorkerState>): void
  /** A worker of a supervisor is replaced. `reason` is one of a fixed few words (docs/observability.md). */
  countRestart(role: string, reason: string): void
  /** All values of this process. What is "since the last scrape" begins anew. */
  read(): MetricState[]
  close(): void
}

export interface WorkerState {
  readonly role: string
  readonly state: string
}

const workerStates = ['booting', 'ready', 'draining', 'late'] as const

/** What a process does; the label `role`. */
export type ProcessRole = 'supervisor' | 'web' | 'worker'

export interface MetricsOptions {
  readonly role: ProcessRole
  readonly version: string
}

/** Measures nothing, for a process whose metrics nobody can ask for (METRICS_BIND is not set). */
export const noMetrics: Metrics = {
  requestStarted() {},
  requestEnded() {},
  watchPool() {},
  watchJobs() {},
  jobEnded() {},
  watchWorkers() {},
  countRestart() {},
  read: () => [],
  close() {},
}

/** The metrics of this process. Names, labels and meanings: `metric-table.ts`. */
export function createMetrics({ role, version }: MetricsOptions): Metrics {
  const ofProcess: ProcessMetrics = watchProcess(role)
  const requests = new RequestCells()
  const restarts = new Map<string, { labels: MetricValue['labels']; value: number }>()
  const workerRoles = new Set<string>()
  let inFlight = 0
  let readPool: (() => PoolUse) | undefined
  let readJobs: (() => MetricState[]) | undefined
  let jobs = new JobCells([])
  let readWorkers: (() => Iterable<WorkerState>) | undefined

  return {
    requestStarted() {
      inFlight++
    },
    requestEnded(operation, method, status, seconds) {
      inFlight--
      requests.observe(operation, method, status, seconds)
    },
    watchPool(read) {
      readPool = read
    },
    watchJobs(names, read) {
      if (role === 'worker') jobs = new JobCells(names)
      readJobs = () => {
        const counts = read()
        return counts ? jobGauges(names, counts) : []
      }
    },
    jobEnded(name, outcome, seconds) {
      jobs.ended(name, outcome, seconds)
    },
    watchWorkers(read) {
      readWorkers = read
    },
    countRestart(role, reason) {
      const key = `${role} ${reason}`
      const known = restarts.get(key)
      if (known) known.value++
      else restarts.set(key, { labels: { role, reason }, value: 1 })
    },
    read: () => [
      metricState('ibutsu_build_info', [{ labels: { version, node: process.versions.node }, value: 1 }]),
      ...ofProcess.read(),
      ...(role === 'web' ? requestMetrics(requests, inFlight) : []),
      ...(readPool ? poolMetrics(role, readPool()) : []),
      ...(role === 'worker' ? jobs.read() : []),
      ...(readJobs?.() ?? []),
      ...(readWorkers ? workerMetrics(readWorkers(), workerRoles, [...restarts.values()]) : []),
    ],
    close: () => ofProcess.close(),
  }
}

function requestMetrics(requests: RequestCells, inFlight: number): MetricState[] {
  return [...requests.read(), metricState('ibutsu_http_requests_in_flight', [{ labels: {}, value: inFlight }])]
}

function poolMetrics(role: string, use: PoolUse): MetricState[] {
  const labels = { role }
  return [
    metricState('ibutsu_database_connections', [
      { labels: { role, state: 'busy' }, value: use.total - use.idle },
      { labels: { role, state: 'idle' }, value: use.idle },
    ]),
    metricState('ibutsu_database_connections_limit', [{ labels, value: use.limit }]),
    metricState('ibutsu_database_waiting', [{ labels, value: use.waiting }]),
    metricState('ibutsu_database_waits_total', [{ labels, value: use.waits }]),
    metricState('ibutsu_database_wait_seconds_total', [{ labels, value: use.waitedSeconds }]),
    metricState('ibutsu_database_away', [{ labels, value: use.away ? 1 : 0 }]),
  ]
}

/** States with no worker are said too, as 0: an alert on "none is ready" needs a value to look at. */
function workerMetrics(
  workers: Iterable<WorkerState>,
  roles: Set<string>,
  restarts: readonly MetricValue[],
): MetricState[] {
  const all = [...workers]
  for (const { role } of all) roles.add(role)
  const counts = [...roles].flatMap((role) =>
    workerStates.map((state) => ({
      labels: { role, state },
      value: all.filter((worker) => worker.role === role && worker.state === state).length,
    })),
  )
  return [
    metricState('ibutsu_workers', counts),
    metricState(
      'ibutsu_worker_restarts_total',
      restarts.map((value) => ({ ...value })),
    ),
  ]
}
