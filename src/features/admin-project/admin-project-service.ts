import { changeAccess } from '../../access/access-changes.ts'
import type { AppContext } from '../../context.ts'
import { deleteProjectRow, detachFromProject, lockProjectForDelete } from './admin-project-sql.ts'

/**
 * Deletes a project; what belonged to it stays, without a project (data-model.md 1). Its results may be millions, so the
 * limit on a statement's time is lifted. False when there is no such project.
 */
export async function deleteProject(ctx: AppContext, id: string): Promise<boolean> {
  let tries = 0
  return changeAccess(ctx, async (tx) => {
    tries++
    await tx.query({ text: 'set local statement_timeout = 0' })
    // A second try finds nothing when the first one deleted it and the answer to its commit was lost.
    if (!(await lockProjectForDelete(tx, id))) return tries > 1
    await detachFromProject(tx, id)
    await deleteProjectRow(tx, id)
    return true
  })
}
