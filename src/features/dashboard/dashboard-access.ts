import type { components } from '../../../generated/types.ts'
import type { Caller } from '../../access/caller.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { findProjectId } from '../project/find-project.ts'
import { isProject } from '../project/project-sql.ts'
import { type DashboardRow, findDashboard, findProjectsUsing } from './dashboard-sql.ts'

type DashboardInput = components['schemas']['DashboardInput']

/** The dashboard that a path names. One without a project is everybody's (access.md 5). */
export async function dashboardOfPath(
  ctx: AppContext,
  request: { params: { id: string } },
  need: Need,
): Promise<DashboardRow> {
  const dashboard = await findDashboard(ctx.db, request.params.id)
  if (!dashboard) throw fail('dashboard_not_found')
  if (dashboard.project_id) need(dashboard.project_id)
  return dashboard
}

/**
 * The dashboard that is deleted. Its widgets go with it, and projects lose it as their default: that takes access to their
 * projects too (R2), or everybody could empty a foreign project's dashboard that belongs to none.
 */
export async function dashboardToDelete(
  ctx: AppContext,
  request: { params: { id: string } },
  need: Need,
): Promise<DashboardRow> {
  const dashboard = await dashboardOfPath(ctx, request, need)
  for (const projectId of await findProjectsUsing(ctx.db, dashboard.id)) need(projectId)
  return dashboard
}

/** The project of a new dashboard, if it has one: its id. */
export async function projectOfNewDashboard(
  ctx: AppContext,
  request: { body: DashboardInput },
  need: Need,
  caller: Caller,
): Promise<string | null> {
  const { body } = request
  await checkMetadataProject(ctx, body, need, caller)
  if (!body.project_id) return null
  const projectId = requiredUuid('project_id', body.project_id)
  if (!(await isProject(ctx.db, projectId))) throw fail('unknown_project', { id: projectId })
  need(projectId)
  return projectId
}

/** The dashboard that is changed; moving it takes access to the project that it goes to (D23). */
export async function dashboardToChange(
  ctx: AppContext,
  request: { params: { id: string }; body: DashboardInput },
  need: Need,
  caller: Caller,
): Promise<{ projectId: string | null }> {
  const dashboard = await dashboardOfPath(ctx, request, need)
  const moved = await projectOfNewDashboard(ctx, request, need, caller)
  return { projectId: moved ?? dashboard.project_id }
}

/** The project that a list is limited to: null for one that does not exist, undefined when none was named. */
export async function projectOfDashboardList(
  ctx: AppContext,
  request: { query: { project_id?: string } },
  need: Need,
): Promise<string | null | undefined> {
  const { project_id: sent } = request.query
  if (!sent) return undefined
  const projectId = requiredUuid('project_id', sent)
  if (!(await isProject(ctx.db, projectId))) return null
  need(projectId)
  return projectId
}

/** `metadata.project` only says which project the caller must have access to (data-model.md 5.3). */
async function checkMetadataProject(ctx: AppContext, body: DashboardInput, need: Need, caller: Caller): Promise<void> {
  const reference = body.metadata?.project
  if (!reference) return
  const projectId = await findProjectId(ctx.db, caller, reference)
  if (!projectId) throw fail('invalid_project')
  need(projectId)
}
