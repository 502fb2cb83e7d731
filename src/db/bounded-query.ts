import pg from 'pg'
import type { Rows, Statement } from './queryable.ts'

// What node-pg's clients call on their queries; its types leave that out.
declare module 'pg' {
  interface Query {
    handleDataRow(message: { readonly length: number }): void
  }
}

/** A statement's rows are more than the caller wants to hold. The connection still sends them: it must be closed. */
export class RowsTooLarge extends Error {
  override name = 'RowsTooLarge'
}

/**
 * A statement that fails with RowsTooLarge as soon as more than `maxBytes` of rows have come. Adding up what arrives
 * costs nothing next to asking the database for sizes, which would print every JSON column twice.
 */
export class BoundedQuery<R extends object> extends pg.Query<R> {
  readonly #maxBytes: number
  readonly #fail: (error: Error) => void
  #bytes = 0

  constructor(
    statement: Statement,
    maxBytes: number,
    { resolve, reject }: { resolve: (rows: Rows<R>) => void; reject: (error: Error) => void },
  ) {
    super(statement, (error, rows) => (error ? reject(error) : resolve(rows)))
    this.#maxBytes = maxBytes
    this.#fail = reject
  }

  override handleDataRow(message: { readonly length: number }): void {
    this.#bytes += message.length
    if (this.#bytes <= this.#maxBytes) super.handleDataRow(message)
    else this.#fail(new RowsTooLarge())
  }
}
