/** Pages of lists (filters.md 7). */
import { fail } from '../errors.ts'

const DEFAULT_PAGE_SIZE = 25
const MAX_BIGINT = 2n ** 63n - 1n

/** What was asked for, and what that is in SQL. `limit` and `offset` are bigints: they go to 2^63 − 1. */
export interface Page {
  readonly page: number
  readonly pageSize: number
  readonly limit: bigint
  readonly offset: bigint
}

/** What a list is asked for. */
export interface ListParameters {
  readonly filter?: readonly string[]
  readonly page?: number
  readonly pageSize?: number
  readonly estimate?: boolean
}

/** The `pagination` object of a list. */
export interface Pagination {
  readonly page: number
  readonly pageSize: number
  readonly totalItems: number
  readonly totalPages: number
}

/**
 * The page of the parameters `page` and `pageSize`, which the edge has checked to be whole numbers, pageSize ≥ 1.
 * Page 0 and negative pages are the first page; `page` is repeated as it was sent.
 * @throws ApiError page_too_big when the offset is past what the database can count
 */
export function pageOf({ page = 1, pageSize = DEFAULT_PAGE_SIZE }: { page?: number; pageSize?: number }): Page {
  if (!Number.isFinite(page)) {
    if (page > 0) throw fail('page_too_big')
    return { page, pageSize, limit: toLimit(pageSize), offset: 0n }
  }
  const before = BigInt(page) - 1n
  const limit = toLimit(pageSize)
  const offset = before <= 0n ? 0n : before * limit
  if (offset > MAX_BIGINT) throw fail('page_too_big')
  return { page, pageSize, limit, offset }
}

function toLimit(pageSize: number): bigint {
  const limit = Number.isFinite(pageSize) ? BigInt(pageSize) : MAX_BIGINT
  return limit > MAX_BIGINT ? MAX_BIGINT : limit
}

/** Whether it is a first page of a usual size: there are three, so that statements may be prepared for each. */
export function isUsualFirstPage({ limit, offset }: Page): boolean {
  return offset === 0n && [10n, 20n, 25n].includes(limit)
}

/** The `pagination` of an answer; no pages when there are no items. */
export function paginationOf({ page, pageSize }: Pick<Page, 'page' | 'pageSize'>, totalItems: number): Pagination {
  return { page, pageSize, totalItems, totalPages: Math.ceil(totalItems / pageSize) }
}

/** Larger pages of runs and results are answered by a task (filters.md 8). */
export const MAX_DIRECT_PAGE = 500
