import type { AppContext } from '../context.ts'
import type { Queryable } from '../db/queryable.ts'
import { ACCESS_CHANNEL } from './caller-cache.ts'
import { awaitForgetting } from './follow-access-changes.ts'

/**
 * Runs a transaction that changes who may do what (accounts, tokens, memberships, project owners and names), and makes
 * every process forget what it remembers of callers: when it resolves, no process remembers anything older than the
 * change (one that hangs for over a second excepted).
 */
export async function changeAccess<T>(ctx: AppContext, work: (tx: Queryable) => Promise<T>): Promise<T> {
  try {
    const result = await ctx.db.transaction(async (tx) => {
      const done = await work(tx)
      await tx.query({ text: `select pg_notify('${ACCESS_CHANNEL}', '')` })
      return done
    })
    await awaitForgetting(ctx.db, ctx.log)
    return result
  } finally {
    ctx.callers.clear()
  }
}
