import type { Caller } from '../../access/caller.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { findProject, isProject, type ProjectRow } from './project-sql.ts'

/** The project that a path names. */
export async function projectOfPath(
  ctx: AppContext,
  request: { params: { id: string } },
  need: Need,
): Promise<ProjectRow> {
  const project = await findProject(ctx.db, request.params.id)
  if (!project) throw fail('project_not_found')
  need(project.id)
  return project
}

/** The id of the project whose results a client wants to filter. */
export async function projectForFilterParams(
  ctx: AppContext,
  request: { params: { id: string } },
  need: Need,
  caller: Caller,
): Promise<string> {
  const { id } = request.params
  if (!caller.projects.has(id) && !(await isProject(ctx.db, id))) throw fail('project_not_found')
  need(id)
  return id
}
