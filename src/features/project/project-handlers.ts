import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { listFilterParams } from '../../filters/filter-params.ts'
import { findNewestResult } from '../result/result-sql.ts'
import { listProjects } from './project-list.ts'
import { toProject } from './project-mapper.ts'
import { changeProject, createProject } from './project-service.ts'
import { projectColumns } from './project-sql.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getProjectList' | 'addProject' | 'getProject' | 'updateProject' | 'getFilterParams'
>

export const projectHandlers: Handlers = {
  async getProjectList(ctx, { query, subject: scope }) {
    return { status: 200, body: await listProjects(ctx, projectColumns, scope, query) }
  },

  async addProject(ctx, { body, caller }) {
    return { status: 201, body: toProject(await createProject(ctx, caller, body)) }
  },

  async getProject(_ctx, { subject: project }) {
    return { status: 200, body: toProject(project) }
  },

  async updateProject(ctx, { params, body }) {
    const how = { administration: false, missing: () => fail('project_not_found') }
    return { status: 200, body: toProject(await changeProject(ctx, params.id, body, how)) }
  },

  async getFilterParams(ctx, { subject: projectId }) {
    const newest = await findNewestResult(ctx.db, projectId)
    if (!newest) return { status: 200, body: [] }
    const { data, params, ...columns } = newest
    return { status: 200, body: listFilterParams(Object.keys(columns), { data, params }) }
  },
}
