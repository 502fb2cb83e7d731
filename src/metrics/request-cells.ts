import { type MetricState, type MetricValue, metricState } from './metric-table.ts'

/** Upper bounds of the latency histogram, in seconds: a read by id takes 1 ms, a list 5, a statement may take 25 s. */
export const latencyBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const

/** What a histogram counts under one set of labels: the requests of one operation, method and status, say. */
export interface HistogramCell {
  count: number
  seconds: number
  /** Observations per bound, not cumulated; slower ones than the last bound are in `count` alone. */
  readonly buckets: number[]
}

type Status = number | 'aborted'

/**
 * Counts requests by operation, method and status. prom-client's own counter and histogram take 1 µs per request
 * (they check and hash the labels of each observation), this takes a twentieth; it looks like prom-client's metrics
 * only when it is read. Labels are bounded: operations and statuses are the spec's, methods those of Node's parser.
 */
export class RequestCells {
  readonly #operations = new Map<string, Map<string, Map<Status, HistogramCell>>>()

  /** Counts one request. */
  observe(operation: string, method: string, status: Status, seconds: number): void {
    const cell = this.#operations.get(operation)?.get(method)?.get(status) ?? this.#add(operation, method, status)
    cell.count++
    cell.seconds += seconds
    for (let i = 0; i < latencyBounds.length; i++) {
      if (seconds <= (latencyBounds[i] as number)) {
        ;(cell.buckets[i] as number)++
        return
      }
    }
  }

  /** The counter and the histogram. */
  read(): MetricState[] {
    const counts: MetricValue[] = []
    const durations: MetricValue[] = []
    for (const [operation, methods] of this.#operations) {
      for (const [method, statuses] of methods) {
        for (const [status, cell] of statuses) {
          const labels = { operation, method, status: String(status) }
          counts.push({ value: cell.count, labels })
          durations.push(...histogramValues('ibutsu_http_request_duration_seconds', labels, cell, latencyBounds))
        }
      }
    }
    return [
      metricState('ibutsu_http_requests_total', counts),
      metricState('ibutsu_http_request_duration_seconds', durations),
    ]
  }

  #add(operation: string, method: string, status: Status): HistogramCell {
    const cell = { count: 0, seconds: 0, buckets: latencyBounds.map(() => 0) }
    const methods = this.#operations.get(operation) ?? new Map<string, Map<Status, HistogramCell>>()
    const statuses = methods.get(method) ?? new Map<Status, HistogramCell>()
    this.#operations.set(operation, methods.set(method, statuses.set(status, cell)))
    return cell
  }
}

/** A cell as the values of a histogram: a bucket for each bound, cumulated, the sum and the count. */
export function histogramValues(
  name: string,
  labels: MetricValue['labels'],
  cell: HistogramCell,
  bounds: readonly number[],
): MetricValue[] {
  let upTo = 0
  return [
    ...bounds.map((bound, i) => {
      upTo += cell.buckets[i] as number
      return { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: upTo }
    }),
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: cell.count },
    { metricName: `${name}_sum`, labels, value: cell.seconds },
    { metricName: `${name}_count`, labels, value: cell.count },
  ]
}
