import { expect, it } from 'vitest'
import { daysBefore } from '../../../src/widgets/look-back.ts'

const noon = new Date('2024-03-01T12:00:00.250Z')

it.each([
  [1, '2024-02-29T12:00:00.250'],
  [0.5, '2024-03-01T00:00:00.250'],
  [-7, '2024-03-08T12:00:00.250'],
  [800_000, null],
  [-4_000_000, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  [1e300, null],
])('%d days before are %s', (days, moment) => {
  expect(daysBefore(noon, days)).toBe(moment)
})
