import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { listProjects } from '../project/project-list.ts'
import { toProject } from '../project/project-mapper.ts'
import { changeProject, createProject } from '../project/project-service.ts'
import { findProjectWithOwner, projectColumnsWithOwner } from '../project/project-sql.ts'
import { deleteProject } from './admin-project-service.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'adminGetProjectList' | 'adminAddProject' | 'adminGetProject' | 'adminUpdateProject' | 'adminDeleteProject'
>

const missing = () => fail('admin_not_found', { what: 'Project' })

export const adminProjectHandlers: Handlers = {
  async adminGetProjectList(ctx, { query }) {
    return { status: 200, body: await listProjects(ctx, projectColumnsWithOwner, { all: true }, query) }
  },

  async adminAddProject(ctx, { body, caller }) {
    return { status: 201, body: toProject(await createProject(ctx, caller, body)) }
  },

  async adminGetProject(ctx, { params }) {
    const project = await findProjectWithOwner(ctx.db, params.id)
    if (!project) throw missing()
    return { status: 200, body: toProject(project) }
  },

  async adminUpdateProject(ctx, { params, body }) {
    return {
      status: 200,
      body: toProject(await changeProject(ctx, params.id, body, { administration: true, missing })),
    }
  },

  async adminDeleteProject(ctx, { params }) {
    if (!(await deleteProject(ctx, params.id))) throw missing()
    return { status: 200, body: 'OK' }
  },
}
