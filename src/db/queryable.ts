/** One SQL statement. `name` makes it a prepared statement of each connection (use it for hot, fixed texts). */
export interface Statement {
  readonly name?: string
  readonly text: string
  readonly values?: unknown[]
  /**
   * A look-up of one row by its key, which takes a fraction of a millisecond and waits for no lock: outside transactions
   * such statements share a connection (`./short-lane.ts`).
   */
  readonly byKey?: boolean
}

/** The rows of a statement. JSON and moments are text as PostgreSQL prints them, see `./column-types.ts`. */
export interface Rows<R> {
  readonly rows: R[]
  readonly rowCount: number | null
}

/** What SQL files take: the pool or an open transaction, they need not know which. */
export interface Queryable {
  query<R extends object = Record<string, unknown>>(statement: Statement): Promise<Rows<R>>
}
