import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import { lockRuns, recountRuns, takeMarks } from './recount-sql.ts'

/** How soon a process recounts. */
export interface RecountPace {
  /** From a write to the recount: long enough to join a burst of writes. */
  readonly delayMs: number
  /** How often marks are looked for that nobody announced: another process wrote them, or was killed. */
  readonly sweepMs: number
}

/**
 * Summaries follow within 2 s of the last write, within 5 s where no worker runs. A process that may be the only one
 * recounts soon. Beside a worker, which looks all the time, a web process waits, and then mostly finds nothing to do.
 */
export const recountPaces = {
  alone: { delayMs: 400, sweepMs: 3_000 },
  worker: { delayMs: 400, sweepMs: 500 },
  besideWorker: { delayMs: 2_500, sweepMs: 4_000 },
} as const satisfies Record<string, RecountPace>

/** Marks taken in one transaction. */
const BATCH = 500

/** Keeps the runs' summaries in step with their results. */
export interface RecountSchedule {
  /** Says that marks were written: a recount follows shortly. Cheap; call it after each commit. */
  schedule(): void
  /** Recounts until no marks are left. */
  recountNow(): Promise<void>
  /** Ends the schedule; a recount under way is finished. Marks that are left wait for the next process. */
  close(): Promise<void>
}

/**
 * Recounts marked runs in this process (design.md, Writes). Each transaction takes marks, locks their runs, and only then
 * counts, in a statement of its own: counting in the statement that takes the marks would miss results whose marks were
 * taken, under read committed. A crash at any point leaves the marks. Any number of processes may do this at once.
 */
export function createRecountSchedule(
  db: Database,
  log: Logger,
  { delayMs, sweepMs }: RecountPace = recountPaces.alone,
): RecountSchedule {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let closed = false

  const recountNow = async () => {
    while (!closed && (await recountBatch(db)) > 0);
  }
  // Due while one is running: its last look for marks may have been too early, so it runs once more.
  let again = false
  const run = () => {
    timer = undefined
    again = running !== undefined
    running ??= recountNow()
      .catch((error) => log.warn({ err: error }, 'a recount of runs failed; its marks stay and it is tried again'))
      .finally(() => {
        running = undefined
        if (again && !closed) run()
      })
  }
  const sweep = setInterval(run, sweepMs)
  sweep.unref()
  return {
    schedule() {
      if (!closed) timer ??= setTimeout(run, delayMs)
    },
    recountNow,
    async close() {
      closed = true
      clearInterval(sweep)
      clearTimeout(timer)
      await running
    },
  }
}

/** Recounts the runs of one batch of marks; gives how many runs that were. */
async function recountBatch(db: Database): Promise<number> {
  return db.transaction(async (tx) => {
    const ids = await takeMarks(tx, BATCH)
    if (ids.length === 0) return 0
    await lockRuns(tx, ids)
    await recountRuns(tx, ids)
    return ids.length
  })
}
