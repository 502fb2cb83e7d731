/** What the server's metrics say of all its processes together (docs/observability.md). */
export interface Pools {
  /** Database connections of the web worker that do something. */
  readonly busy: number
  readonly open: number
  /** Statements that wait for a connection now. */
  readonly waiting: number
  /** How often something had to wait, since the start. */
  readonly waits: number
  readonly waitSeconds: number
  readonly inFlight: number
  /** Workers that were replaced, since the start. */
  readonly restarts: number
}

/** Reads them as Prometheus would; null when they do not come. */
export async function readPools(url: string): Promise<Pools | null> {
  try {
    const text = await (await fetch(url, { signal: AbortSignal.timeout(5_000) })).text()
    return parsePools(text)
  } catch {
    return null
  }
}

/** Of Prometheus' text format; NaN where the server does not say it. */
export function parsePools(text: string): Pools {
  const sum = (start: string, none = Number.NaN) => {
    const lines = text.split('\n').filter((line) => line.startsWith(start))
    if (lines.length === 0) return none
    return lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }
  const busy = sum('ibutsu_database_connections{role="web",state="busy"}')
  return {
    busy,
    open: busy + sum('ibutsu_database_connections{role="web",state="idle"}'),
    waiting: sum('ibutsu_database_waiting{role="web"}'),
    waits: sum('ibutsu_database_waits_total{role="web"}'),
    waitSeconds: sum('ibutsu_database_wait_seconds_total{role="web"}'),
    inFlight: sum('ibutsu_http_requests_in_flight '),
    restarts: sum('ibutsu_worker_restarts_total{', 0),
  }
}
