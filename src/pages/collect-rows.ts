/** A large page as text, row by row: what a task answers (jobs.md 9). */
import sql from 'sql-template-tag'
import type { Database } from '../db/database.ts'
import { fail } from '../errors.ts'
import { aimSearch } from './aim-search.ts'
import { countRows, type ListQuery, withFilterErrors } from './list-rows.ts'

const FETCH = 500

export interface CollectedRows {
  /** The rows' JSON texts, with commas between. */
  readonly text: string
  readonly totalItems: number
}

/**
 * Collects a page through a cursor, so that only its text is held in memory, and not more than `maxChars` of that.
 * @throws ApiError page_too_large, invalid_filter, statement_timeout
 */
export async function collectRows<R extends object>(
  db: Database,
  list: ListQuery,
  { toText, maxChars, signal }: { toText: (row: R) => string; maxChars: number; signal: AbortSignal },
): Promise<CollectedRows> {
  return withFilterErrors(list.filters ?? [], async () => {
    const query = await aimSearch(db, list)
    const { columns, from, where, orderBy, page } = query
    return db.transaction(async (tx) => {
      await tx.query(
        sql`declare page_rows no scroll cursor for select ${columns} from ${from} where ${where} order by ${orderBy} limit ${page.limit}::bigint offset ${page.offset}::bigint`,
      )
      const texts: string[] = []
      let chars = 0
      for (;;) {
        signal.throwIfAborted()
        const { rows } = await tx.query<R>({ text: `fetch ${FETCH} from page_rows` })
        for (const row of rows) {
          const text = toText(row)
          texts.push(text)
          chars += text.length
        }
        if (chars > maxChars) throw fail('page_too_large', { limit: Math.round(maxChars / 1_000_000) })
        if (rows.length < FETCH) break
      }
      const isLast = texts.length < page.limit && (texts.length > 0 || page.offset === 0n)
      const seen = Number(page.offset) + texts.length
      const totalItems = isLast ? seen : await countRows(tx, query)
      return { text: texts.join(','), totalItems: texts.length === 0 ? totalItems : Math.max(totalItems, seen) }
    })
  })
}
