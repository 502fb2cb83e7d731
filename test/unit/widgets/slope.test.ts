import { describe, expect, it } from 'vitest'
import { slopeOf } from '../../../src/widgets/slope.ts'

describe('slopeOf', () => {
  it.each([
    [[], 0],
    [[100], 0],
    [[50], 0],
    [[100, 100, 100], 100],
    [[50, 50], 0],
    [[0, 10, 20], 10],
    [[20, 10, 0], -10],
    [[0, 100, 0, 100], 20],
    [[90, 100, 80], -5],
  ])('%j → %d', (rates, slope) => {
    expect(slopeOf(rates)).toBeCloseTo(slope, 10)
  })
})
