import { describe, expect, it } from 'vitest'
import { fitLine, mean, percentile } from '../../../scripts/soak/statistics.ts'
import { createRandom } from '../../process/helpers/seeded-random.ts'

describe('fitLine', () => {
  it('finds a line exactly, with no error', () => {
    const points = Array.from({ length: 50 }, (_, x) => ({ x, y: 3 * x - 7 }))
    const line = fitLine(points)
    expect(line?.slope).toBeCloseTo(3, 10)
    expect(line?.intercept).toBeCloseTo(-7, 10)
    expect(line?.error).toBeCloseTo(0, 10)
  })

  it('says what a textbook says of five points', () => {
    // Σ(x − x̄)² = 10, Σ(x − x̄)(y − ȳ) = 8; squares of what is left over: 3.6; √(3.6 / 3 / 10).
    const line = fitLine([1, 2, 3, 4, 5].map((x, n) => ({ x, y: [2, 1, 4, 3, 5][n] ?? 0 })))
    expect(line?.slope).toBeCloseTo(0.8, 10)
    expect(line?.intercept).toBeCloseTo(0.6, 10)
    expect(line?.error).toBeCloseTo(Math.sqrt(3.6 / 3 / 10), 10)
  })

  it('has the true slope within two errors in about 19 of 20 noisy series', () => {
    const random = createRandom(7)
    const hits = Array.from({ length: 400 }, () => {
      const points = Array.from({ length: 100 }, (_, n) => ({
        x: n / 100,
        y: 150 + 5 * (n / 100) + random.next() * 20,
      }))
      const line = fitLine(points)
      return line !== null && Math.abs(line.slope - 5) < 2 * line.error
    })
    const share = hits.filter(Boolean).length / hits.length
    expect(share).toBeGreaterThan(0.92)
    expect(share).toBeLessThan(0.98)
  })

  it('has none where there is nothing to fit', () => {
    expect(fitLine([])).toBeNull()
    expect(
      fitLine([
        { x: 0, y: 1 },
        { x: 1, y: 2 },
      ]),
    ).toBeNull()
    expect(fitLine([1, 2, 3].map((y) => ({ x: 4, y })))).toBeNull()
  })
})

describe('percentile', () => {
  it('is a value of the list, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
    expect([0, 0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 95, 99, 100])
    expect([0.25, 0.5, 0.75, 0.76].map((share) => percentile([40, 10, 30, 20], share))).toEqual([10, 20, 30, 40])
    expect(percentile([5], 0.99)).toBe(5)
  })

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN()
    expect(mean([])).toBeNaN()
  })
})
