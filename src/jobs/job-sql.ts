/**
 * The table `jobs` is the truth; transports only carry the news that something is due.
 *
 *   queued ──claim──▶ running ──▶ done
 *     ▲                 │  ├────▶ failed   refused, the fifth try, or the second worker that died
 *     ├── retry ◀───────┤  │
 *     ├── given back ◀──┘  │
 *     └ (claimed again when the lease ends: running ──claim──▶ running)
 *
 * queued   Due at `run_at`. Entered by an insert; by a failed try (`run_at` is pushed back, `attempts` stays); by a
 *          worker that stops before the job ended (due at once, and the try does not count).
 * running  Held by `worker` until `lease_until`, which its heartbeat moves on. A claim adds 1 to `claims`, and to `attempts`
 *          unless the job is taken over from a worker that died, which adds 1 to `crashes`.
 * done     Has `result` (or nothing to say) and `finished`. Final.
 * failed   Has `error` and `finished`. Final: nothing queues it again.
 *
 * Invariants. `claims` is the fencing token: every statement of a worker names the number that its claim got, so a worker
 * that was taken for dead writes nothing any more. One row has at most one living lease. A dedupe key counts while the job
 * waits only: what is asked for while the job runs may come too late for it and needs another run.
 * All moments are the database's, so that clocks of machines don't matter.
 */
import type { Queryable } from '../db/queryable.ts'
import type { RawJson } from '../json/raw-json.ts'

/** A job as its worker gets it. */
export interface ClaimedJob {
  readonly id: string
  readonly name: string
  /** JSON text. */
  readonly payload: string
  /** Which try this is, from 1. */
  readonly attempts: number
  /** Workers that died while they held it. */
  readonly crashes: number
  readonly claims: number
}

export interface ClaimOptions {
  readonly worker: string
  readonly leaseMs: number
  /** Only this job; null: the best one. */
  readonly id?: string | null
  /** Whether nothing else runs in this worker. A job that may have killed its worker must not take others with it. */
  readonly alone: boolean
  /** Only what has been due for this long. */
  readonly overdueMs?: number
}

/**
 * Claims the best job that is due, if there is one. A lease that ended while the database was down proves nothing: it is
 * left for one lease after a restart.
 */
export async function claimJob(db: Queryable, options: ClaimOptions): Promise<ClaimedJob | undefined> {
  const { rows } = await db.query<ClaimedJob>({
    name: 'claim-job',
    text: `with due as (
        select id from jobs
        where state in ('queued', 'running')
          and greatest(run_at, lease_until) <= localtimestamp - $5 * interval '1 ms'
          and ($3::uuid is null or id = $3::uuid)
          and ($4::boolean or (state = 'queued' and crashes = 0))
          and (state = 'queued' or pg_postmaster_start_time() < now() - $2 * interval '1 ms')
        order by priority desc, greatest(run_at, lease_until)
        limit 1 for update skip locked)
      update jobs j set
        state = 'running', worker = $1, lease_until = localtimestamp + $2 * interval '1 ms', dedupe_key = null,
        claims = claims + 1,
        attempts = attempts + case state when 'queued' then 1 else 0 end,
        crashes = crashes + case state when 'running' then 1 else 0 end
      from due where j.id = due.id
      returning j.id, name, payload, attempts, crashes, claims`,
    values: [options.worker, options.leaseMs, options.id ?? null, options.alone, options.overdueMs ?? 0],
  })
  return rows[0]
}

type Claim = Pick<ClaimedJob, 'id' | 'claims'>

/** Moves the leases of these jobs on; gives the ids of those that are still the worker's. */
export async function extendLeases(db: Queryable, jobs: readonly Claim[], leaseMs: number): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: 'extend-leases',
    text: `update jobs j set lease_until = localtimestamp + $3 * interval '1 ms'
      from unnest($1::uuid[], $2::integer[]) as held (id, claims)
      where j.id = held.id and j.claims = held.claims and j.state = 'running' returning j.id`,
    values: [jobs.map(({ id }) => id), jobs.map(({ claims }) => claims), leaseMs],
  })
  return new Set(rows.map(({ id }) => id))
}

/** Says how far a job is. */
export async function saveProgress(db: Queryable, { id, claims }: Claim, progress: RawJson): Promise<void> {
  await db.query({
    name: 'save-job-progress',
    text: "update jobs set progress = $3::jsonb where id = $1 and claims = $2 and state = 'running'",
    values: [id, claims, progress],
  })
}

/** running → done. False when the job is not the worker's any more. */
export async function completeJob(db: Queryable, { id, claims }: Claim, result: RawJson | null): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'complete-job',
    text: `update jobs set state = 'done', result = $3::json, error = null, finished = localtimestamp,
        worker = null, lease_until = null
      where id = $1 and claims = $2 and state = 'running'`,
    values: [id, claims, result],
  })
  return rowCount === 1
}

/** running → queued, due in `pauseMs`. */
export async function retryJob(
  db: Queryable,
  { id, claims }: Claim,
  { pauseMs, error }: { pauseMs: number; error: string },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'retry-job',
    text: `update jobs set state = 'queued', run_at = localtimestamp + $3 * interval '1 ms', error = $4,
        worker = null, lease_until = null
      where id = $1 and claims = $2 and state = 'running'`,
    values: [id, claims, pauseMs, error],
  })
  return rowCount === 1
}

/** running → failed. */
export async function failJob(db: Queryable, { id, claims }: Claim, error: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'fail-job',
    text: `update jobs set state = 'failed', error = $3, finished = localtimestamp, worker = null, lease_until = null
      where id = $1 and claims = $2 and state = 'running'`,
    values: [id, claims, error],
  })
  return rowCount === 1
}

/** running → queued for jobs that their worker could not end before it stopped; the try does not count. */
export async function giveBackJobs(db: Queryable, jobs: readonly Claim[]): Promise<void> {
  await db.query({
    text: `with given as (
        update jobs j set state = 'queued', run_at = localtimestamp, attempts = greatest(attempts - 1, 0),
          worker = null, lease_until = null
        from unnest($1::uuid[], $2::integer[]) as held (id, claims)
        where j.id = held.id and j.claims = held.claims and j.state = 'running' returning j.id)
      select pg_notify('ibutsu_jobs', '') from given limit 1`,
    values: [jobs.map(({ id }) => id), jobs.map(({ claims }) => claims)],
  })
}

export interface DueJob extends Claim {
  readonly name: string
  readonly priority: number
}

/** What is due, best first, for a transport to announce. */
export async function listDueJobs(db: Queryable, limit: number): Promise<DueJob[]> {
  const { rows } = await db.query<DueJob>({
    name: 'list-due-jobs',
    text: `select id, claims, name, priority from jobs
      where state in ('queued', 'running') and greatest(run_at, lease_until) <= localtimestamp
      order by priority desc, greatest(run_at, lease_until) limit $1`,
    values: [limit],
  })
  return rows
}

/** Whether a job waits that may have killed its worker: it needs a worker that does nothing else. */
export async function isSuspectDue(db: Queryable): Promise<boolean> {
  const { rows } = await db.query({
    name: 'is-suspect-due',
    text: `select from jobs
      where state in ('queued', 'running') and greatest(run_at, lease_until) <= localtimestamp
        and (crashes > 0 or state = 'running') limit 1`,
  })
  return rows.length > 0
}

/**
 * Gives back what this worker holds without knowing it: a claim whose answer was lost with the connection. `known` are the
 * jobs that it does know of; no claim of this worker may be under way.
 */
export async function giveBackUnknown(db: Queryable, worker: string, known: readonly string[]): Promise<void> {
  await db.query({
    text: `update jobs set state = 'queued', run_at = localtimestamp, attempts = greatest(attempts - 1, 0),
        worker = null, lease_until = null
      where state = 'running' and worker = $1 and not (id = any ($2::uuid[]))`,
    values: [worker, known],
  })
}
