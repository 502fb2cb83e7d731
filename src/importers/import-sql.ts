import type { Queryable } from '../db/queryable.ts'

/** An import is being read. What an earlier try said about itself goes. */
export async function markRunning(db: Queryable, importId: string): Promise<void> {
  await db.query({
    text: `update imports set status = 'running', data = coalesce(data, '{}') - 'progress' - 'error' where id = $1`,
    values: [importId],
  })
}

/** Everything of it is stored: in the transaction that stores it. */
export async function markDone(tx: Queryable, importId: string, runId: string): Promise<void> {
  await tx.query({
    text: `update imports set status = 'done', data = (coalesce(data, '{}') - 'progress' - 'error')
        || jsonb_build_object('run_id', jsonb_build_array($2::text))
      where id = $1`,
    values: [importId, runId],
  })
}

/** It ended without being stored, and why. A finished one stays as it is. */
export async function markFailed(db: Queryable, importId: string, reason: string): Promise<void> {
  await db.query({
    text: `update imports set status = 'error',
        data = (coalesce(data, '{}') - 'progress') || jsonb_build_object('error', $2::text)
      where id = $1 and status is distinct from 'done'`,
    values: [importId, reason],
  })
}

/** How far it is: results so far, of how many where that is known. */
export async function noteProgress(db: Queryable, importId: string, done: number, of: number | null): Promise<void> {
  await db.query({
    text: `update imports set data = coalesce(data, '{}')
        || jsonb_build_object('progress', jsonb_build_object('done', $2::int, 'of', $3::int))
      where id = $1 and status = 'running'`,
    values: [importId, done, of],
  })
}

/** Whether this account has sent an import of that run before. */
export async function hasImportedRun(db: Queryable, ownerId: string, runId: string): Promise<boolean> {
  const { rows } = await db.query({
    text: `select from imports i join import_owners o on o.import_id = i.id
      where o.user_id = $1 and i.data -> 'run_id' @> jsonb_build_array($2::text) limit 1`,
    values: [ownerId, runId],
  })
  return rows.length > 0
}
