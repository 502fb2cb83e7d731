import type { AppContext } from '../context.ts'
import type { Queryable } from '../db/queryable.ts'
import type { JsonRecord } from '../json/json-record.ts'
import type { RawJson } from '../json/raw-json.ts'
import type { JobName } from './job-names.ts'

/** What a running job gets besides its payload. */
export interface JobControl {
  /** Which try this is, from 1. */
  readonly attempt: number
  /** Aborted when the worker stops or the job was taken over: end soon, what is done then does not count. */
  readonly signal: AbortSignal
  /** Moves the lease on at once; the worker does so by itself every third of a lease. */
  heartbeat(): Promise<void>
  /** Says how far it is; `of` is null where nobody knows. Written at most once a second. */
  progress(done: number, of: number | null): Promise<void>
}

/**
 * One kind of job. `run` must bear being cut off anywhere and run again. What it gives is kept for a day as the job's
 * result, JSON text passed through unread. What it throws is tried again, but for an ApiError or a `JobRefused`: those are
 * the same next time.
 */
export interface JobDefinition<P extends JsonRecord = JsonRecord> {
  readonly name: JobName
  run(ctx: AppContext, payload: P, control: JobControl): Promise<RawJson | null>
  /** In the transaction in which the job ends failed, whatever the reason (also that its worker died). */
  onFailed?(tx: Queryable, payload: P, error: string): Promise<void>
}

/** Thrown by a job that can't succeed; its message is for the person who asked for it. */
export class JobRefused extends Error {
  override name = 'JobRefused'
}
