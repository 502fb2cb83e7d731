const healthyMs = 60_000
const longestPauseMs = 10_000
const firstPauseMs = 250

/** Counts crashes in a row and says how long to wait before the next boot. */
export interface CrashBackoff {
  /** A worker ended by itself at `now`; gives the moment before which nothing is to be booted. */
  crashed(now: number): number
}

/** The first crash is made good at once, then pauses grow from 250 ms to 10 s; a minute without one is health again. */
export function createCrashBackoff(): CrashBackoff {
  let crashes = 0
  let lastAt = Number.NEGATIVE_INFINITY
  return {
    crashed(now) {
      crashes = now - lastAt >= healthyMs ? 1 : crashes + 1
      lastAt = now
      return now + (crashes === 1 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (crashes - 2)))
    },
  }
}
