import type { Queryable } from '../../db/queryable.ts'

/** Locks a project against new references until the transaction ends. False when there is no such project. */
export async function lockProjectForDelete(tx: Queryable, id: string): Promise<boolean> {
  const { rows } = await tx.query({ text: 'select from projects where id = $1 for update', values: [id] })
  return rows.length === 1
}

/** Takes its members from a project, and the project from all that belongs to it; runs are marked to be rolled up again. */
export async function detachFromProject(tx: Queryable, id: string): Promise<void> {
  await tx.query({ text: 'delete from users_projects where project_id = $1', values: [id] })
  // In the order in which recounts lock them.
  await tx.query({ text: 'select from runs where project_id = $1 order by id for no key update', values: [id] })
  for (const [table, run] of [
    ['runs', 'id'],
    ['results', 'run_id'],
  ]) {
    await tx.query({
      text: `with updated as (update ${table} set project_id = null where project_id = $1 returning ${run} as run_id)
        insert into rollup_changes (run_id) select distinct run_id from updated where run_id is not null`,
      values: [id],
    })
  }
  for (const table of ['dashboards', 'widget_configs']) {
    await tx.query({ text: `update ${table} set project_id = null where project_id = $1`, values: [id] })
  }
}

/** Deletes the row of a project that nothing refers to any more. */
export async function deleteProjectRow(tx: Queryable, id: string): Promise<void> {
  await tx.query({ text: 'delete from projects where id = $1', values: [id] })
}
