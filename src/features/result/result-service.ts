import type { components } from '../../../generated/types.ts'
import { type Caller, hasAccess } from '../../access/caller.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { newId } from '../../ids/uuid.ts'
import { columnText } from '../../json/column-text.ts'
import { liftUserProperties, mergeMetadata } from '../../json/merge-metadata.ts'
import { parseStoredJson } from '../../json/parse-json.ts'
import { printMerged } from '../../json/print-merged.ts'
import { EMPTY_OBJECT, objectOr } from '../../json/raw-json.ts'
import { stringifyJson } from '../../json/raw-number.ts'
import { nowUtc } from '../../time/parse-time.ts'
import { requiredTime } from '../../time/required-time.ts'
import { sentMetadata } from '../run/run-access.ts'
import { sentId } from '../run/run-service.ts'
import { findRunProject } from '../run/run-sql.ts'
import type { ResultPlace } from './result-access.ts'
import { findResult, insertResultAnyway, isSameResult, lockResult, type ResultRow, updateResult } from './result-sql.ts'
import { writeResult } from './result-writer.ts'

type ResultInput = components['schemas']['ResultInput']

/**
 * Stores a result (data-model.md 5.2). The same result sent again is answered with the stored one (D11).
 *
 * @throws ApiError `id_taken` when another result has its id, `unknown_run`, or `forbidden` for a foreign run.
 */
export async function createResult(
  ctx: AppContext,
  caller: Caller,
  body: ResultInput,
  { projectId, runId }: ResultPlace,
): Promise<ResultRow> {
  const sent = sentMetadata(body)
  const metadata = liftUserProperties(sent)
  const row: ResultRow = {
    id: sentId(body.id) ?? newId(),
    project_id: projectId,
    run_id: runId,
    test_id: body.test_id ?? sentTitle(sent),
    result: body.result ?? null,
    data: stringifyJson(metadata),
    params: body.params === undefined ? null : stringifyJson(body.params),
    duration: body.duration ?? null,
    start_time:
      body.start_time === undefined ? nowUtc(() => ctx.clock.now()) : requiredTime('start_time', body.start_time),
    source: body.source ?? null,
    env: columnText('metadata.env', metadata.env) ?? body.env ?? null,
    component: columnText('metadata.component', metadata.component) ?? body.component ?? null,
  }
  const stored = (await writeResult(ctx, row)) ? row : await settle(ctx, caller, row)
  if (row.run_id) ctx.recounts.schedule()
  return stored
}

/** What a test is called whose reporter sends no `test_id` (clients.md: playwright-ibutsu). */
function sentTitle({ title }: Record<string, unknown>): string | null {
  return typeof title === 'string' && title !== '' ? title : null
}

/** Why a result was not stored at once, and what becomes of it. */
async function settle(ctx: AppContext, caller: Caller, row: ResultRow): Promise<ResultRow> {
  const taken = await findResult(ctx.db, row.id)
  if (taken) return sameOrRefused(ctx, row, taken)
  const run = row.run_id ? await findRunProject(ctx.db, row.run_id) : undefined
  if (row.run_id && !run) throw fail('unknown_run', { id: row.run_id })
  if (run && !hasAccess(caller, run.project_id)) throw fail('forbidden')
  if (await insertResultAnyway(ctx.db, row)) return row
  return sameOrRefused(ctx, row, await findResult(ctx.db, row.id))
}

/** One sent without a start time got a new one, so it is never the same; our own second try after a lost answer is. */
async function sameOrRefused(ctx: AppContext, row: ResultRow, stored: ResultRow | undefined): Promise<ResultRow> {
  if (stored && (await isSameResult(ctx.db, row))) return stored
  throw fail('id_taken', { what: 'Result', id: row.id })
}

/**
 * Changes a result: metadata is merged, all else replaced. env and component follow the merged metadata, else the body,
 * else they stay (D34). The row is locked while it is read and written.
 */
export async function changeResult(
  ctx: AppContext,
  id: string,
  body: ResultInput,
  movedTo: { projectId: string | null; runId: string | null },
): Promise<ResultRow> {
  const startTime = body.start_time === undefined ? undefined : requiredTime('start_time', body.start_time)
  const sent = body.metadata && liftUserProperties(body.metadata)
  const changed = await ctx.db.transaction(async (tx) => {
    const stored = await lockResult(tx, id)
    if (!stored) throw fail('result_not_found')
    const before = parseStoredJson(objectOr(stored.data, EMPTY_OBJECT)) as Record<string, unknown>
    const metadata = sent ? mergeMetadata(before, sent) : before
    const row: ResultRow = {
      id,
      project_id: movedTo.projectId ?? stored.project_id,
      run_id: movedTo.runId ?? stored.run_id,
      test_id: body.test_id ?? stored.test_id,
      result: body.result ?? stored.result,
      data: sent ? printMerged(stored.data, metadata, ctx.config.maxJsonBytes) : stored.data,
      params: body.params === undefined ? stored.params : stringifyJson(body.params),
      duration: body.duration ?? stored.duration,
      start_time: startTime ?? stored.start_time,
      source: body.source ?? stored.source,
      env: columnText('metadata.env', metadata.env) ?? body.env ?? stored.env,
      component: columnText('metadata.component', metadata.component) ?? body.component ?? stored.component,
    }
    await updateResult(tx, row, stored.run_id)
    return row
  })
  ctx.recounts.schedule()
  return changed
}
