import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { JobCount } from '../metrics/job-cells.ts'

/** How often the table is asked; every process that measures does so, and there is no other use of it. */
const EVERY_MS = 5_000

export interface JobCounts {
  /** What the table had a few seconds ago; null before the first answer. */
  read(): readonly JobCount[] | null
  close(): Promise<void>
}

/** Counts the jobs that wait or run, for metrics: the index of due jobs holds just these. */
export function watchJobCounts(db: Database, log: Logger, everyMs = EVERY_MS): JobCounts {
  let counts: readonly JobCount[] | null = null
  let asking: Promise<void> | undefined
  const ask = () => {
    asking ??= countJobs(db)
      .then((found) => {
        counts = found
      })
      .catch((error) => log.debug({ err: error }, 'jobs could not be counted'))
      .finally(() => {
        asking = undefined
      })
  }
  ask()
  const timer = setInterval(ask, everyMs)
  timer.unref()
  return {
    read: () => counts,
    async close() {
      clearInterval(timer)
      await asking
    },
  }
}

async function countJobs(db: Database): Promise<JobCount[]> {
  const { rows } = await db.query<JobCount>({
    name: 'count-jobs',
    text: `select name, state, count(*) as jobs,
        greatest(max(extract(epoch from localtimestamp - greatest(run_at, lease_until))), 0)::float8 as "dueSeconds"
      from jobs where state in ('queued', 'running') group by name, state`,
  })
  return rows
}
