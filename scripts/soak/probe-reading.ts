/** What a probe (probe.js) says of its process. Memory in bytes, times in ms. */
export interface ProbeReading {
  readonly heapUsed: number
  readonly heapTotal: number
  /** Buffers and whatever else is held outside the heap. */
  readonly external: number
  /** What keeps the event loop alive, by kind. */
  readonly handles: number
  /** How late timers were, since the reading before. */
  readonly lag: Lag
  /** The same since `begin`. */
  readonly lagOverall: Lag
  /** What of that the process's own work may have caused, at most; the rest it had no processor. */
  readonly ownLag: Lag
  /** The longest that garbage collection held everything up, since the reading before. */
  readonly gcMax: number
}

export interface Lag {
  readonly p50: number
  readonly p99: number
  readonly max: number
}
