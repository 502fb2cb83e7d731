import type { Queryable } from '../../db/queryable.ts'
import type { RawJson } from '../../json/raw-json.ts'

/** How far a task is. The members of its result are JSON text as the job wrote it. */
export interface TaskRow {
  readonly state: 'queued' | 'running' | 'done' | 'failed'
  readonly owner_id: string | null
  readonly attempts: number
  readonly error: string | null
  readonly runs: RawJson | null
  readonly results: RawJson | null
  readonly pagination: string | null
}

/** A job as a task; one that ended over a day ago is unknown (jobs.md 1). */
export async function findTask(db: Queryable, id: string): Promise<TaskRow | undefined> {
  const member = (name: string) => `case json_typeof(result) when 'object' then result -> '${name}' end as ${name}`
  const { rows } = await db.query<TaskRow>({
    name: 'find-task',
    text: `select state, owner_id, attempts, error, ${member('runs')}, ${member('results')}, ${member('pagination')}
      from jobs where id = $1 and (finished is null or finished > localtimestamp - interval '1 day')`,
    values: [id],
  })
  return rows[0]
}
