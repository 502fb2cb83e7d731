import { expect, test } from 'vitest'
import { pageOf, paginationOf } from '../../../src/pages/page.ts'

test.each([
  [{}, 1, 25, 25n, 0n],
  [{ page: 3, pageSize: 10 }, 3, 10, 10n, 20n],
  [{ page: 0, pageSize: 10 }, 0, 10, 10n, 0n],
  [{ page: -5 }, -5, 25, 25n, 0n],
  [{ pageSize: 1e30 }, 1, 1e30, 2n ** 63n - 1n, 0n],
  [{ page: 2, pageSize: 2 ** 62 }, 2, 2 ** 62, 2n ** 62n, 2n ** 62n],
])('page %j (filters.md 7)', (asked, page, pageSize, limit, offset) => {
  expect(pageOf(asked)).toEqual({ page, pageSize, limit, offset })
})

test.each([{ page: 2 ** 62 }, { page: 1e300 }, { page: Number.POSITIVE_INFINITY }, { page: 2, pageSize: 1e300, x: 1 }])(
  'an offset past 2^63 - 1 is refused: %j',
  (asked) => {
    if ('x' in asked) expect(pageOf(asked).offset).toBe(2n ** 63n - 1n)
    else expect(() => pageOf(asked)).toThrow('The page number is too big.')
  },
)

test.each([
  [0, 0],
  [1, 1],
  [25, 1],
  [26, 2],
])('%i items make %i pages', (totalItems, totalPages) => {
  expect(paginationOf({ page: 7, pageSize: 25 }, totalItems)).toEqual({ page: 7, pageSize: 25, totalItems, totalPages })
})
