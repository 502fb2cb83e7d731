import AggregatorRegistry from 'prom-client/lib/cluster.js'
import { type MetricName, type MetricState, metricTable } from './metric-table.ts'

/** What the answer's content-type says: Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Prints the values of several processes as one: same labels are added up, or the largest counts, as the table says. */
export async function printMetrics(states: readonly (readonly MetricState[])[]): Promise<string> {
  return AggregatorRegistry.aggregate(known(states)).metrics()
}

/**
 * Adds up what must not go down when a process ends: counters and histograms. Gauges are left out, they end with their
 * process.
 */
export async function addTotals(...states: readonly (readonly MetricState[])[]): Promise<MetricState[]> {
  const totals = states.map((state) => state.filter((metric) => metric.type !== 'gauge'))
  return (await AggregatorRegistry.aggregate(known(totals)).getMetricsAsJSON()) as unknown as MetricState[]
}

/** A worker of another release (rolling reload) may send a metric that this one does not have. */
function known(states: readonly (readonly MetricState[])[]): MetricState[][] {
  return states.map((state) => state.filter(({ name }) => Object.hasOwn(metricTable, name as MetricName)))
}
