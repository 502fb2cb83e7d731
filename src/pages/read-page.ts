/** A page whose rows may be of any size: whole where it is of the usual size, else slice by slice. */
import sql from 'sql-template-tag'
import type { Database } from '../db/database.ts'
import type { Queryable } from '../db/queryable.ts'
import { aimSearch } from './aim-search.ts'
import { type ListedRows, type ListQuery, pageStatement, preparedPage, totalOf, withFilterErrors } from './list-rows.ts'

/** A page up to this size is held in memory and answered in one go: far more than 500 usual rows, some 20 ms of work. */
const MAX_WHOLE_BYTES = 4_000_000
/** What a slice holds, unless a single row is larger. */
const SLICE_BYTES = 1_000_000

/** The rows, or the slices that they come in; a slice is fetched when it is asked for. */
export type PageRead<R> =
  | (ListedRows<R> & { readonly slices?: undefined })
  | { readonly rows?: undefined; readonly slices: AsyncIterable<R[]>; readonly totalItems: number }

/** What is known of a row before it is fetched. */
interface Measured {
  readonly id: string
  readonly bytes: number
}

/**
 * Reads a page of a table whose primary key is `id`. The usual page is one statement, as with `listRows`. A page of more
 * than 4 MB is given up, measured in the database, and fetched in slices, so that neither its size nor a slow client
 * takes more memory than a slice, or holds a connection. Rows that no longer match when their slice is fetched are left
 * out: the caller may have lost them from sight.
 * @throws ApiError invalid_filter, statement_timeout; so do the slices
 */
export async function readPage<R extends { id: string }>(db: Database, list: ListQuery): Promise<PageRead<R>> {
  return withFilterErrors(list.filters ?? [], async () => {
    const query = await aimSearch(db, list)
    const whole = await db.queryUpTo<R>(MAX_WHOLE_BYTES, preparedPage(query))
    if (whole) return { rows: whole.rows, totalItems: await totalOf(db, query, whole.rows) }
    const { rows: measured } = await db.query<Measured>(
      sql`select id, octet_length(page::text) as bytes from (${pageStatement(query)}) as page`,
    )
    return { slices: fetchSlices<R>(db, query, measured), totalItems: await totalOf(db, query, measured) }
  })
}

async function* fetchSlices<R extends { id: string }>(
  db: Queryable,
  query: ListQuery,
  measured: readonly Measured[],
): AsyncGenerator<R[]> {
  for (const ids of cutSlices(measured)) yield await fetchRows<R>(db, query, ids)
}

/** Cuts a page into slices of ids, in its order: as many rows as fit, and at least one. */
export function cutSlices(measured: readonly Measured[], maxBytes = SLICE_BYTES): string[][] {
  const slices: string[][] = []
  let left = 0
  for (const { id, bytes } of measured) {
    if (bytes > left || slices.length === 0) {
      slices.push([])
      left = maxBytes
    }
    slices.at(-1)?.push(id)
    left -= bytes
  }
  return slices
}

function fetchRows<R extends { id: string }>(
  db: Queryable,
  { columns, from, where, filters = [] }: ListQuery,
  ids: readonly string[],
): Promise<R[]> {
  return withFilterErrors(filters, async () => {
    const { rows } = await db.query<R>(sql`select ${columns} from ${from} where id = any(${ids}::uuid[]) and ${where}`)
    const places = new Map(ids.map((id, place) => [id, place]))
    return rows.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0))
  })
}
