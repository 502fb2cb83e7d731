/**
 * The trend of pass rates, oldest first: the slope of the least-squares line over their positions 0, 1, 2 … (D21; the same
 * for both heatmaps, D41). Fewer than two rates have none: 0. Rates that are all 100 read as 100.
 */
export function slopeOf(rates: readonly number[]): number {
  if (rates.length < 2) return 0
  if (rates.every((rate) => rate === 100)) return 100
  const middle = (rates.length - 1) / 2
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  let covariance = 0
  let variance = 0
  for (const [position, rate] of rates.entries()) {
    covariance += (position - middle) * (rate - mean)
    variance += (position - middle) ** 2
  }
  return covariance / variance
}
