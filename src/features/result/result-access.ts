import type { components } from '../../../generated/types.ts'
import type { Caller } from '../../access/caller.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { parseUuid } from '../../ids/uuid.ts'
import { findOwnProjectId, findProjectId } from '../project/find-project.ts'
import { sentMetadata } from '../run/run-access.ts'
import { findRunProject } from '../run/run-sql.ts'
import { findResult, type ResultRow } from './result-sql.ts'

type ResultInput = components['schemas']['ResultInput']

/** Where a new result goes. */
export interface ResultPlace {
  readonly projectId: string
  readonly runId: string | null
}

/** The result that a path names. */
export async function resultOfPath(
  ctx: AppContext,
  request: { params: { id: string } },
  need: Need,
): Promise<ResultRow> {
  const result = await findResult(ctx.db, request.params.id)
  if (!result) throw fail('result_not_found')
  need(result.project_id)
  return result
}

/**
 * The project and run of a new result (data-model.md 5.2, D20, D34): `metadata.project`, else `project_id`; a project
 * that is unknown or missing is that of the run, else the default one of the caller's token. That the run exists and may
 * be written to is checked with the insert.
 */
export async function placeOfNewResult(
  ctx: AppContext,
  request: { body: ResultInput },
  need: Need,
  caller: Caller,
): Promise<ResultPlace> {
  const { body } = request
  const metadata = sentMetadata(body)
  const runId = sentRun(metadata.run, body.run_id)
  const reference = metadata.project || body.project_id
  const named = reference ? await namedProject(ctx, caller, reference) : null
  const ofRun = named === null && runId ? await findRunProject(ctx.db, runId) : undefined
  const projectId = named ?? ofRun?.project_id ?? caller.defaultProjectId
  if (!projectId) throw fail(reference ? 'invalid_project' : 'project_required')
  need(projectId)
  return { projectId, runId }
}

/**
 * A token with a default project is for reporters that put something else in `metadata.project` (playwright-ibutsu:
 * "chromium"), so a project of that name counts only when it is the caller's.
 */
async function namedProject(ctx: AppContext, caller: Caller, reference: unknown): Promise<string | null> {
  const isName = typeof reference === 'string' && !parseUuid(reference)
  if (isName && caller.defaultProjectId && !caller.isSuperadmin) return findOwnProjectId(caller, reference)
  return findProjectId(ctx.db, caller, reference)
}

/** Where an update moves a result (null: nowhere), and what it needs: access to where it is and to where it goes (D23). */
export async function placeOfResultUpdate(
  ctx: AppContext,
  request: { params: { id: string }; body: ResultInput },
  need: Need,
  caller: Caller,
): Promise<{ projectId: string | null; runId: string | null }> {
  const { body } = request
  const reference = body.metadata?.project
  const named = reference ? await findProjectId(ctx.db, caller, reference) : null
  if (named) need(named)
  const result = await resultOfPath(ctx, request, need)
  const moved = body.project_id ? await findProjectId(ctx.db, caller, body.project_id) : null
  if (body.project_id && !moved) throw fail('invalid_project')
  if (moved) need(moved)
  const runId = parseUuid(body.run_id)
  if (runId && runId !== result.run_id) {
    const run = await findRunProject(ctx.db, runId)
    if (!run) throw fail('unknown_run', { id: runId })
    need(run.project_id)
  }
  return { projectId: moved ?? named, runId }
}

/** `metadata.run` must be a UUID; a top-level `run_id` that is none is ignored (D34). */
function sentRun(inMetadata: unknown, topLevel: string | null | undefined): string | null {
  return inMetadata ? requiredUuid('metadata.run', inMetadata) : parseUuid(topLevel)
}
