import type { AppContext } from '../context.ts'
import type { Queryable } from '../db/queryable.ts'
import { ACCESS_CHANNEL } from './caller-cache.ts'

/**
 * Runs a transaction that changes who may do what (accounts, tokens, memberships, project owners and names), and makes
 * every process forget what it remembers of callers: this one at once, the others when the commit's notification
 * reaches them.
 */
export async function changeAccess<T>(ctx: AppContext, work: (tx: Queryable) => Promise<T>): Promise<T> {
  try {
    return await ctx.db.transaction(async (tx) => {
      const result = await work(tx)
      await tx.query({ text: `select pg_notify('${ACCESS_CHANNEL}', '')` })
      return result
    })
  } finally {
    ctx.callers.clear()
  }
}
