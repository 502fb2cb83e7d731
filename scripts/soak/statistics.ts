/** One value of a series: `x` in hours, `y` in whatever is watched. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** A line through points; `error` is the standard error of the slope. */
export interface Line {
  readonly slope: number
  readonly intercept: number
  readonly error: number
}

/**
 * Least squares; null for fewer than three points, or when all have the same x. The error takes the points as independent
 * of each other; those of a slow saw-tooth (a heap) are not, so that it says less than the truth there.
 */
export function fitLine(points: readonly Point[]): Line | null {
  const n = points.length
  if (n < 3) return null
  const meanX = mean(points.map(({ x }) => x))
  const meanY = mean(points.map(({ y }) => y))
  let xx = 0
  let xy = 0
  for (const { x, y } of points) {
    xx += (x - meanX) ** 2
    xy += (x - meanX) * (y - meanY)
  }
  if (xx === 0) return null
  const slope = xy / xx
  const intercept = meanY - slope * meanX
  const rest = points.reduce((sum, { x, y }) => sum + (y - intercept - slope * x) ** 2, 0)
  return { slope, intercept, error: Math.sqrt(rest / (n - 2) / xx) }
}

/** The smallest value that at least this share (0 to 1) of all values do not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.ceil(sorted.length * share)
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN
}

/** NaN of none. */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
