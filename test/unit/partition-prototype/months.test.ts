import { describe, expect, it } from 'vitest'
import { minutesBetweenRuns, monthsBetween } from '../../../scripts/partition-prototype/months.ts'

const months = (first: string, last: string) => monthsBetween(new Date(first), new Date(last))

describe('monthsBetween', () => {
  it('gives the bounds of each month, across a year', () => {
    expect(months('2025-11-30T23:59:59.999Z', '2026-01-01T00:00:00Z')).toEqual([
      { name: 'results_2025_11', from: '2025-11-01', to: '2025-12-01' },
      { name: 'results_2025_12', from: '2025-12-01', to: '2026-01-01' },
      { name: 'results_2026_01', from: '2026-01-01', to: '2026-02-01' },
    ])
  })

  it('leaves no gap and no overlap in 30 years', () => {
    const all = months('2000-01-31T12:00:00Z', '2029-12-31T12:00:00Z')
    expect(all).toHaveLength(360)
    expect(all.slice(1).map(({ from }) => from)).toEqual(all.slice(0, -1).map(({ to }) => to))
  })

  it('has one month where both moments lie in it, none where the last is before it', () => {
    expect(months('2026-02-28T00:00:00Z', '2026-02-01T00:00:00Z')).toHaveLength(1)
    expect(months('2026-02-28T00:00:00Z', '2026-01-31T00:00:00Z')).toEqual([])
  })
})

describe('minutesBetweenRuns', () => {
  it('fills the months', () => {
    expect(minutesBetweenRuns(30_000, 24)).toBe(35)
    expect(minutesBetweenRuns(1_000_000, 1)).toBe(1)
  })
})
