/** The rows of one page of a list and how many there are in all (filters.md 7). */
import sql, { join, raw, type Sql } from 'sql-template-tag'
import { prepareIf } from '../db/prepare.ts'
import type { Queryable, Statement } from '../db/queryable.ts'
import { translateFilterError } from '../filters/filter-errors.ts'
import type { Filter } from '../filters/grammar.ts'
import { isUsualFirstPage, type Page } from './page.ts'
import { planOf } from './plans.ts'

/** So few rows are cheap to count: below, the planner's estimate is not trusted, and narrow lists count them with each page. */
const FEW = 1000

/** Rows as SQL pieces. `from` holds the joins and the alias that the conditions use. */
interface Rows {
  readonly from: Sql
  readonly where: Sql
}

/** What of a list is looked for by an index that finds it in no order (GIN). */
export interface Search {
  /** The condition that the index serves, on the column `data`. */
  readonly wanted: Sql
  /** Whether each value that is wanted stands in one of the documents. */
  isIn(documents: readonly unknown[]): boolean
  /** The rows among which the list looks, by an index in its order. */
  readonly within: Sql
}

/** A list as SQL pieces. */
export interface ListQuery extends Rows {
  readonly columns: Sql
  readonly orderBy: Sql
  readonly page: Page
  /** Take the planner's estimate of the total where it is large (`estimate=true`). */
  readonly estimate?: boolean
  /** What the estimate is of, where `from` says the same in a way that the planner estimates worse. */
  readonly estimatedFrom?: Sql
  /** The same rows in parts, as they are counted best, where that is not how they are listed. */
  readonly counted?: readonly Rows[] | undefined
  /** Another way to the exact total than counting the rows; null where it does not know. */
  readonly findTotal?: (db: Queryable) => Promise<number | null>
  /** An index leads to rows that mostly are few: they are counted together with the page. */
  readonly isNarrow?: boolean
  /** The first page is asked for often, in one of a few forms: it is planned once. */
  readonly isPrepared?: boolean
  /** See `aimSearch`. `from` is a table's name then. */
  readonly search?: Search | undefined
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
    const { rows } = await db.query<R>(preparedPage(query))
    return { rows, totalItems: await totalOf(db, query, rows) }
  })
}

/**
 * The statement of a page's rows, prepared where that is worth it. Then the page's bounds stand in the text: for bounds that it
 * does not know the planner expects a tenth of all rows, and prefers to plan each time.
 */
export function preparedPage(query: ListQuery): Statement {
  const isPrepared = (query.isPrepared ?? false) && isUsualFirstPage(query.page)
  return prepareIf(isPrepared, pageStatement(query, isPrepared))
}

/** The statement of a page's rows. */
export function pageStatement(query: ListQuery, hasBounds = false): Sql {
  const { columns, from, where, orderBy, page, isNarrow = false } = query
  const few = isNarrow ? sql`, ${countOf(query, raw(` limit ${FEW + 1}`))}::int as counted` : raw('')
  const bounds = hasBounds
    ? raw(`limit ${page.limit} offset ${page.offset}`)
    : sql`limit ${page.limit}::bigint offset ${page.offset}::bigint`
  return sql`select ${columns}${few} from ${from} where ${where} order by ${orderBy} ${bounds}`
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
  const { estimate = false, findTotal } = query
  if (estimate) {
    const expected = await planOf(db, planStatement(query))
    if (expected.rows >= FEW) return expected.rows
  }
  const total = await findTotal?.(db)
  if (typeof total === 'number') return total
  const { rows } = await db.query<{ total: number }>(sql`select ${countOf(query)}::float8 as total`)
  return rows[0]?.total ?? 0
}

/** How many rows there are; with a limit, up to that in each part. */
function countOf(query: ListQuery, limit: Sql = raw('')): Sql {
  const { counted = [query] } = query
  const counts = counted.map(
    ({ from, where }) => sql`(select count(*) from (select from ${from} where ${where}${limit}) as part)`,
  )
  return sql`(${join(counts, ' + ')})`
}

/** What the planner is asked about a list. A search is asked for as its page is, so that one plan tells both. */
export function planStatement({ from, estimatedFrom = from, where, search, orderBy, page }: ListQuery): Sql {
  const rows = sql`select 1 from ${estimatedFrom} where ${where}`
  return search ? sql`${rows} order by ${orderBy} limit ${page.limit}::bigint offset ${page.offset}::bigint` : rows
}

/** Runs statements composed of filters; what the database finds wrong with the filters becomes the caller's 400. */
export async function withFilterErrors<T>(filters: readonly Filter[], run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw translateFilterError(error, filters) ?? error
  }
}
