/**
 * What a workload must reach: requests per second of at least `least` times the floor's, a median latency of at most
 * `most` times the floor's, a median of at most `most` ms, or so many imported results per second.
 */
export type Goal =
  | { readonly kind: 'rate of floor'; readonly least: number }
  | { readonly kind: 'latency of floor'; readonly most: number }
  | { readonly kind: 'latency'; readonly most: number }
  | { readonly kind: 'import rate'; readonly least: number }

export interface Workload {
  /** The key in the report of load.mjs; what stands before a colon is the name that its --only knows. */
  readonly name: string
  readonly connections: number
  readonly goal: Goal
  /** Ibutsu 3.1.1 on 1,000,000 results: requests per second, median in ms, CPU-ms per request. */
  readonly original: { readonly rate: number; readonly p50: number; readonly cpu: number | null }
  /** Whether floor.mjs answers it. */
  readonly onFloor: boolean
}

type Figures = readonly [rate: number, p50: number, cpu: number | null]

const row = (name: string, connections: number, goal: Goal, [rate, p50, cpu]: Figures, onFloor = true): Workload => ({
  name,
  connections,
  goal,
  original: { rate, p50, cpu },
  onFloor,
})
const alone = (name: string, connections: number, most: number, original: Figures) =>
  row(name, connections, { kind: 'latency', most }, original, false)
const rateOfFloor = (least: number): Goal => ({ kind: 'rate of floor', least })
const latencyOfFloor = (most: number): Goal => ({ kind: 'latency of floor', most })

/** Goals and the original's figures: the table in README.md of the load kit, taken as facts. */
export const workloads: readonly Workload[] = [
  row('health', 16, rateOfFloor(0.45), [673, 23, 1.5]),
  row('session: result', 1, latencyOfFloor(1.1), [58, 13.6, 11.4]),
  row('session: artifact', 1, latencyOfFloor(1.3), [12, 16.3, null]),
  row('ingest', 16, rateOfFloor(1.2), [57, 216, 17.6]),
  row('get-result', 16, rateOfFloor(0.6), [109, 139, 9.4]),
  row('get-run', 16, rateOfFloor(0.6), [106, 146, 9.0]),
  row('list-runs', 16, rateOfFloor(0.6), [78, 196, 12.3]),
  alone('list-runs-filtered', 4, 4, [74, 53, 12.6]),
  row('run-tree-page', 4, rateOfFloor(0.7), [31, 114, 31]),
  row('list-results', 4, rateOfFloor(6), [56, 70, 13.8]),
  alone('list-results-exact', 2, 20, [37, 55, 12.8]),
  alone('results-by-metadata', 2, 5, [4.2, 437, 18.9]),
  row('test-history', 4, rateOfFloor(4), [58, 68, 13.3]),
  alone('w-result-summary', 2, 1.5, [101, 20, 5.6]),
  alone('w-result-aggregator', 2, 4, [8.7, 236, 7.3]),
  alone('w-aggregator-metadata', 2, 20, [9.1, 219, 7.5]),
  alone('w-run-aggregator', 2, 2, [127, 15.5, 5.6]),
  alone('w-jenkins-heatmap', 2, 3, [82, 24, 10.6]),
  alone('w-jenkins-job-view', 2, 4, [49, 40, 11.8]),
  alone('w-compare-runs', 2, 6, [7.4, 258, 135]),
  row('import', 1, { kind: 'import rate', least: 12_000 }, [105, 241_000, 6.9], false),
]

/** The name under which load.mjs runs a workload. */
export const loadName = ({ name }: Workload): string => name.split(':', 1)[0] ?? name
