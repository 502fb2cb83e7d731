import type { components } from '../../../generated/types.ts'
import type { Caller, ProjectScope } from '../../access/caller.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { newId } from '../../ids/uuid.ts'
import { enqueueJob } from '../../jobs/enqueue-job.ts'
import { priorities } from '../../jobs/job-names.ts'
import { type ListParameters, MAX_DIRECT_PAGE } from '../../pages/page.ts'
import { countPages, findTask, type TaskRow } from './task-sql.ts'

/** What the job `query-page` is asked for. The scope is the caller's when it asks: it is what this answer may show. */
export interface PageOrder extends ListParameters {
  readonly table: 'runs' | 'results'
  readonly scope: ProjectScope
}

/** Whether a page is too large for a direct answer (filters.md 8). */
export function isTaskSized({ pageSize = 0 }: ListParameters): boolean {
  return pageSize > MAX_DIRECT_PAGE
}

/**
 * What one account may have of large pages: so many that are not ready yet, and so many bytes of those that are, which are
 * kept for a day. Without a bound one token fills the disk.
 */
const MAX_OPEN_PAGES = 20
const MAX_KEPT_BYTES = 2_000_000_000

/**
 * Leaves a page to a task. Nothing else of the request is looked at: what is wrong with it fails the task (jobs.md 9).
 *
 * @throws ApiError `too_many_tasks` with `Retry-After`.
 */
export async function askForPage(
  ctx: AppContext,
  caller: Caller,
  scope: ProjectScope,
  table: PageOrder['table'],
  { filter = [], page = 1, pageSize = 0, estimate = false }: ListParameters,
): Promise<components['schemas']['TaskAccepted']> {
  const order = { table, scope, filter, page, pageSize, estimate } satisfies PageOrder
  const id = newId()
  const priority = priorities.interactive
  boundPages(await countPages(ctx.db, caller.id))
  await ctx.db.transaction((tx) =>
    enqueueJob(tx, { id, name: 'query-page', payload: order, ownerId: caller.id, priority }),
  )
  ctx.jobs.wake()
  const asked = `Due to the page_size: ${pageSize}, this query is being evaluated in a task.`
  // The missing blank is the contract's.
  const where = `Once complete, the result of the query can be found by performing a GET on/task/${id}`
  return { task_id: id, message: `${asked} ${where}`, query_endpoint: `/task/${id}` }
}

/** Refuses one page more. Requests that look at the same time may all get one. */
export function boundPages({ open, bytes }: { readonly open: number; readonly bytes: number }): void {
  const refuse = (reason: string, seconds: number) =>
    fail('too_many_tasks', { reason }, { 'retry-after': String(seconds) })
  if (open >= MAX_OPEN_PAGES) throw refuse(`${open} are not ready yet`, 10)
  if (bytes >= MAX_KEPT_BYTES) throw refuse('they are kept for a day, and hold too much by now', 3600)
}

/**
 * A task of the caller's; undefined when nobody knows it.
 * @throws ApiError `forbidden` when it is somebody else's (D3)
 */
export async function findOwnTask(ctx: AppContext, caller: Caller, id: string): Promise<TaskRow | undefined> {
  const task = await findTask(ctx.db, id)
  if (task && task.owner_id !== caller.id) throw fail('forbidden')
  return task
}
