/**
 * prom-client's main file loads @opentelemetry/api, which must not be in the process unless traces are wanted
 * (docs/observability.md). Its aggregation alone does not.
 */
declare module 'prom-client/lib/cluster.js' {
  export { AggregatorRegistry as default } from 'prom-client'
}
