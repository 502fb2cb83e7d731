import type { AppContext } from '../context.ts'
import { newId } from '../ids/uuid.ts'
import { JOBS_CHANNEL } from './enqueue-job.ts'
import { lastTick, schedules } from './schedule.ts'

const LOOK_MS = 10_000
/** A tick that nobody made in time is made up for; later than this it waits for the next one. */
const MISSED_MS = 3_600_000

export interface Scheduler {
  stop(): Promise<void>
}

/** Makes the jobs of the clock. Any number of schedulers may run: a tick is unique by name and moment. */
export function startScheduler(ctx: AppContext, lookMs = LOOK_MS): Scheduler {
  let looking: Promise<void> | undefined
  const look = () => {
    looking ??= makeDueTicks(ctx)
      .catch((error) => ctx.log.warn({ err: error }, 'scheduled jobs could not be made; it is tried again'))
      .finally(() => {
        looking = undefined
      })
  }
  look()
  const timer = setInterval(look, lookMs)
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}

/** Makes a job of each tick that is due and not made yet. One that still waits from an earlier tick stands for both. */
export async function makeDueTicks(ctx: AppContext): Promise<void> {
  const now = ctx.clock.now()
  const due = schedules
    .map(({ name, priority, ...rest }) => ({ name, priority, tick: lastTick({ name, priority, ...rest }, now) }))
    .filter(({ tick }) => now.getTime() - tick.getTime() < MISSED_MS)
  if (due.length === 0) return
  const { rowCount } = await ctx.db.query({
    name: 'make-ticks',
    text: `with made as (
        insert into jobs (id, name, priority, tick, run_at, dedupe_key)
        select id, name, priority, tick at time zone 'utc', localtimestamp, 'tick'
        from unnest($1::uuid[], $2::text[], $3::integer[], $4::timestamptz[]) as due (id, name, priority, tick)
        on conflict do nothing returning id)
      select pg_notify('${JOBS_CHANNEL}', '') from made`,
    values: [
      due.map(() => newId()),
      due.map(({ name }) => name),
      due.map(({ priority }) => priority),
      due.map(({ tick }) => tick.toISOString()),
    ],
  })
  if (rowCount) ctx.jobs.wake()
}
