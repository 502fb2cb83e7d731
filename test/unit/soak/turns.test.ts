import { expect, it } from 'vitest'
import type { Operation } from '../../../scripts/soak/load/operation.ts'
import { createTurns } from '../../../scripts/soak/load/pace.ts'

it('takes each operation as often as its weight says, spread evenly', () => {
  const weights = { often: 70, some: 25, seldom: 4.5, rare: 0.5 }
  const operations: Operation[] = Object.entries(weights).map(([name, weight]) => ({
    ...{ name, weight },
    run: async () => undefined,
  }))
  const next = createTurns(operations)
  const names = Array.from({ length: 20_000 }, () => next().name)
  for (const [name, weight] of Object.entries(weights)) {
    const turns = names.flatMap((taken, n) => (taken === name ? [n] : []))
    expect(turns.length).toBeGreaterThanOrEqual(weight * 200 - 1)
    expect(turns.length).toBeLessThanOrEqual(weight * 200 + 1)
    const gaps = turns.slice(1).map((n, i) => n - (turns[i] ?? 0))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(200 / weight))
  }
})
