import { describe, expect, it } from 'vitest'
import { round0, round2 } from '../../../src/widgets/rounding.ts'

describe('round2', () => {
  it.each([
    [3.125, 3.12],
    [9.375, 9.38],
    [15.625, 15.62],
    [0.125, 0.12],
    [0.375, 0.38],
    [0.875, 0.88],
    [-3.125, -3.12],
    [-9.375, -9.38],
    // These are no ties: the binary value lies to one side.
    [1.005, 1],
    [2.675, 2.67],
    [66.66666666666667, 66.67],
    [1.255, 1.25],
    [100, 100],
    [0, 0],
    [1e22, 1e22],
  ])('%d → %d', (x, rounded) => {
    expect(round2(x)).toBe(rounded)
  })
})

describe('round0', () => {
  it.each([
    [12.5, 12],
    [37.5, 38],
    [0.5, 0],
    [1.5, 2],
    [-0.5, -0],
    [-1.5, -2],
    [16.666, 17],
    [0.49999999999999994, 0],
    [33, 33],
  ])('%d → %d', (x, rounded) => {
    expect(round0(x) + 0).toBe(rounded + 0)
  })
})
