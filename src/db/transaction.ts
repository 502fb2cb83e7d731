import type { Database } from './database.ts'
import type { Queryable } from './queryable.ts'

/** Opens a transaction in a service; see `Database.transaction` for what `work` must hold to. */
export function withTransaction<T>(ctx: { readonly db: Database }, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return ctx.db.transaction(work)
}
