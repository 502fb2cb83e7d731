/** The rows of one page of a list and how many there are in all (filters.md 7). */
import sql, { raw, type Sql } from 'sql-template-tag'
import { prepareIf } from '../db/prepare.ts'
import type { Queryable } from '../db/queryable.ts'
import { translateFilterError } from '../filters/filter-errors.ts'
import type { Filter } from '../filters/grammar.ts'
import type { Page } from './page.ts'
import { estimateRows } from './row-estimates.ts'

/** Below this many rows the planner's estimate is not trusted, and counting is cheap. */
const EXACT_BELOW = 1000
/** So many rows are counted with every page of a narrow list. */
const FEW = 100

/** A list as SQL pieces. `from` holds the joins and the alias that the conditions use. */
export interface ListQuery {
  readonly columns: Sql
  readonly from: Sql
  readonly where: Sql
  readonly orderBy: Sql
  readonly page: Page
  /** Take the planner's estimate of the total where it is large (`estimate=true`). */
  readonly estimate?: boolean
  /** What the estimate is of, where `from` says the same in a way that the planner estimates worse. */
  readonly estimatedFrom?: Sql
  /** Another way to the exact total than counting the rows; null where it does not know. */
  readonly findTotal?: (db: Queryable) => Promise<number | null>
  /**
   * An index leads to rows that mostly are few: they are counted together with the page. Its statement is prepared, so there
   * may only be a few texts of it.
   */
  readonly isNarrow?: boolean
  /** The filters that `where` was compiled from: they are named when the database can't run them. */
  readonly filters?: readonly Filter[]
}

export interface ListedRows<R> {
  readonly rows: R[]
  readonly totalItems: number
}

/**
 * Fetches a page and the total. The total costs a second statement only when the page can't tell it: a page that is
 * not full, but not empty behind the first, is the last one. So small and selective lists take one statement, and a
 * search that scans the table scans it once.
 * @throws ApiError invalid_filter, statement_timeout
 */
export async function listRows<R extends object>(db: Queryable, query: ListQuery): Promise<ListedRows<R>> {
  return withFilterErrors(query.filters ?? [], async () => {
    const { rows } = await db.query<R>(prepareIf(query.isNarrow ?? false, pageStatement(query)))
    return { rows, totalItems: await totalOf(db, query, rows) }
  })
}

/** The statement of a page's rows. */
export function pageStatement({ columns, from, where, orderBy, page, isNarrow = false }: ListQuery): Sql {
  const counted = isNarrow
    ? sql`, (select count(*)::int from (select from ${from} where ${where} limit ${FEW + 1}) as few) as counted`
    : raw('')
  return sql`select ${columns}${counted} from ${from} where ${where} order by ${orderBy} limit ${page.limit}::bigint offset ${page.offset}::bigint`
}

/** The total of a list of whose page these rows were fetched. */
export async function totalOf(db: Queryable, query: ListQuery, rows: readonly object[]): Promise<number> {
  const { limit, offset } = query.page
  const seen = rows.length
  const [first] = rows as readonly { readonly counted?: number }[]
  if (first?.counted !== undefined && first.counted <= FEW) return first.counted
  const isLast = seen < limit && (seen > 0 || offset === 0n)
  if (isLast) return Number(offset) + seen
  const totalItems = await countRows(db, query)
  // Rows may come and go between the two statements: never claim fewer than were seen.
  return seen === 0 ? totalItems : Math.max(totalItems, Number(offset) + seen)
}

/**
 * Counts the rows of a list: exactly, or by the planner's estimate where that was asked for and is not small.
 * @throws the database's errors as they are; `listRows` translates them
 */
export async function countRows(db: Queryable, query: ListQuery): Promise<number> {
  const { from, where, estimate = false, estimatedFrom = from, findTotal } = query
  if (estimate) {
    const estimated = await estimateRows(db, sql`select 1 from ${estimatedFrom} where ${where}`)
    if (estimated >= EXACT_BELOW) return estimated
  }
  const total = await findTotal?.(db)
  if (typeof total === 'number') return total
  const { rows } = await db.query<{ total: number }>(sql`select count(*)::float8 as total from ${from} where ${where}`)
  return rows[0]?.total ?? 0
}

/** Runs statements composed of filters; what the database finds wrong with the filters becomes the caller's 400. */
export async function withFilterErrors<T>(filters: readonly Filter[], run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw translateFilterError(error, filters) ?? error
  }
}
