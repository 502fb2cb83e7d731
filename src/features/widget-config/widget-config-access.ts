import type { components } from '../../../generated/types.ts'
import type { Caller } from '../../access/caller.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { findDashboard } from '../dashboard/dashboard-sql.ts'
import { findProjectId } from '../project/find-project.ts'
import { isProject } from '../project/project-sql.ts'
import { findWidgetConfig, type WidgetConfigRow } from './widget-config-sql.ts'

type WidgetConfigInput = components['schemas']['WidgetConfigInput']

/** Where a widget is placed; undefined where the body says nothing. */
export interface WidgetPlace {
  readonly projectId: string | undefined
  readonly dashboardId: string | null | undefined
}

/** The placed widget that a path names. One without a project is everybody's (access.md 5). */
export async function widgetConfigOfPath(
  ctx: AppContext,
  request: { params: { id: string } },
  need: Need,
): Promise<WidgetConfigRow> {
  const config = await findWidgetConfig(ctx.db, request.params.id)
  if (!config) throw fail('widget_config_not_found')
  if (config.project_id) need(config.project_id)
  return config
}

/**
 * Where a new widget goes: `project` (id or name) goes before `project_id`. It takes access to that project, and to the
 * project of the dashboard that it is put on (D23).
 */
export async function placeOfWidget(
  ctx: AppContext,
  request: { body: WidgetConfigInput },
  need: Need,
  caller: Caller,
): Promise<WidgetPlace> {
  const { body } = request
  return { projectId: await sentProject(ctx, body, need, caller), dashboardId: await sentDashboard(ctx, body, need) }
}

/** The same for a change, which takes access to where the widget is as well. */
export async function placeOfWidgetUpdate(
  ctx: AppContext,
  request: { params: { id: string }; body: WidgetConfigInput },
  need: Need,
  caller: Caller,
): Promise<WidgetPlace> {
  await widgetConfigOfPath(ctx, request, need)
  return placeOfWidget(ctx, request, need, caller)
}

async function sentProject(ctx: AppContext, body: WidgetConfigInput, need: Need, caller: Caller) {
  if (body.project) {
    const projectId = await findProjectId(ctx.db, caller, body.project)
    if (!projectId) throw fail('invalid_project')
    need(projectId)
    return projectId
  }
  if (!body.project_id) return undefined
  const projectId = requiredUuid('project_id', body.project_id)
  if (!(await isProject(ctx.db, projectId))) throw fail('unknown_project', { id: projectId })
  need(projectId)
  return projectId
}

async function sentDashboard(ctx: AppContext, body: WidgetConfigInput, need: Need) {
  if (!body.dashboard_id) return body.dashboard_id === undefined ? undefined : null
  const id = requiredUuid('dashboard_id', body.dashboard_id)
  const dashboard = await findDashboard(ctx.db, id)
  if (!dashboard) throw fail('unknown_dashboard', { id })
  if (dashboard.project_id) need(dashboard.project_id)
  return id
}
