import { expect, it } from 'vitest'
import { createCrashBackoff } from '../../../src/supervisor/crash-backoff.ts'

it('makes the first crash good at once, then waits longer and longer up to 10 s; a minute resets it', () => {
  const backoff = createCrashBackoff()
  const pauses = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => backoff.crashed(n * 1000) - n * 1000)
  expect(pauses).toEqual([0, 250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
  expect(backoff.crashed(68_000)).toBe(68_000)
  expect(backoff.crashed(68_500)).toBe(68_750)
})
