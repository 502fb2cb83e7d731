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

/** Large pages of an account: how many are not ready yet, and the bytes of those that are kept. */
export async function countPages(
  db: Queryable,
  ownerId: string,
): Promise<{ readonly open: number; readonly bytes: number }> {
  const { rows } = await db.query<{ open: number; bytes: number }>({
    name: 'count-pages',
    text: `select count(*) filter (where finished is null)::int as open,
        coalesce(sum(pg_column_size(result)), 0)::float8 as bytes
      from jobs where owner_id = $1 and name = 'query-page'
        and (state in ('queued', 'running') or finished > localtimestamp - interval '1 day')`,
    values: [ownerId],
  })
  return rows[0] ?? { open: 0, bytes: 0 }
}
