import type { components } from '../../../generated/types.ts'
import type { Caller } from '../../access/caller.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { findProjectId } from '../project/find-project.ts'
import { findRun, type RunRow } from './run-sql.ts'

type RunInput = components['schemas']['RunInput']

/** The run that a path names. */
export async function runOfPath(ctx: AppContext, request: { params: { id: string } }, need: Need): Promise<RunRow> {
  const run = await findRun(ctx.db, request.params.id)
  if (!run) throw fail('run_not_found')
  need(run.project_id)
  return run
}

/**
 * The project of a new run: `metadata.project` goes before `project_id`; either is an id or a name (data-model.md 5.2).
 * A run that names none goes to the default project of the caller's token.
 */
export async function projectOfNewRun(
  ctx: AppContext,
  request: { body: RunInput },
  need: Need,
  caller: Caller,
): Promise<string> {
  const metadata = sentMetadata(request.body)
  const fallback = caller.defaultProjectId
  if (Object.keys(metadata).length === 0 && !fallback) throw fail('no_data')
  const reference = metadata.project || request.body.project_id || fallback
  if (!reference) throw fail('project_required')
  const projectId = await findProjectId(ctx.db, caller, reference)
  if (!projectId) throw fail('invalid_project')
  need(projectId)
  return projectId
}

/**
 * Where an update moves a run: to `project_id` or `metadata.project` of the body; null leaves it where it is, also when
 * `metadata.project` is unknown. The caller needs access to the run's project and to the new one (D23).
 */
export async function projectOfRunUpdate(
  ctx: AppContext,
  request: { params: { id: string }; body: RunInput },
  need: Need,
  caller: Caller,
): Promise<string | null> {
  const { body } = request
  const reference = body.metadata?.project
  const named = reference ? await findProjectId(ctx.db, caller, reference) : null
  if (named) need(named)
  await runOfPath(ctx, request, need)
  const moved = body.project_id ? await findProjectId(ctx.db, caller, body.project_id) : null
  if (body.project_id && !moved) throw fail('invalid_project')
  if (moved) need(moved)
  return moved ?? named
}

/** The metadata of a body; `data` is an old name for it that counts where `metadata` is missing. */
export function sentMetadata(body: { metadata?: unknown; data?: unknown }): Record<string, unknown> {
  const sent = body.metadata ?? body.data
  return typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? (sent as Record<string, unknown>) : {}
}
