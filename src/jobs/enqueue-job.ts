import type { Queryable } from '../db/queryable.ts'
import { newId } from '../ids/uuid.ts'
import type { JsonRecord } from '../json/json-record.ts'
import type { JobName } from './job-names.ts'

/** The channel on which workers hear of new jobs. */
export const JOBS_CHANNEL = 'ibutsu_jobs'

export interface NewJob {
  readonly name: JobName
  readonly payload: JsonRecord
  /** Not before this moment (UTC, ISO 8601); at once when missing. */
  readonly runAt?: string
  /** Larger goes first, see `priorities`. */
  readonly priority?: number
  /** While a job of this name and key waits, there is no second one. */
  readonly dedupeKey?: string
  /** Whose job it is: GET /task/{id} shows it to nobody else. */
  readonly ownerId?: string | null
  /** The same id again is the same job. */
  readonly id?: string
}

/**
 * Inserts a job in the caller's transaction, so that it exists if and only if its cause does, and tells the workers at the
 * commit. Gives its id, or that of the job which waits under the same key. Call `ctx.jobs.wake()` after the commit.
 */
export async function enqueueJob(tx: Queryable, job: NewJob): Promise<string> {
  const id = job.id ?? newId()
  const { rows } = await tx.query<{ id: string }>({
    name: 'enqueue-job',
    text: `with made as (
        insert into jobs (id, name, payload, run_at, priority, dedupe_key, owner_id)
        values ($1, $2, $3::jsonb, coalesce($4::timestamptz at time zone 'utc', localtimestamp), $5, $6, $7)
        on conflict do nothing returning id),
      told as (select pg_notify('${JOBS_CHANNEL}', '') from made)
      select id from made, told
      union all
      select id from jobs where state = 'queued' and name = $2 and dedupe_key = $6
      limit 1`,
    values: [
      id,
      job.name,
      JSON.stringify(job.payload),
      job.runAt ?? null,
      job.priority ?? 0,
      job.dedupeKey ?? null,
      job.ownerId ?? null,
    ],
  })
  return rows[0]?.id ?? id
}
