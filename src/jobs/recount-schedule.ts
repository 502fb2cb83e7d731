import type { Logger } from 'pino'
import { isHeld } from '../db/away.ts'
import type { Database } from '../db/database.ts'
import type { Queryable } from '../db/queryable.ts'
import { isOutage } from '../errors.ts'
import { rollUp, takeRollupMarks } from '../rollups/roll-up.ts'
import { lockRuns, type MarkChoice, recountRuns, takeMarks } from './recount-sql.ts'

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

/** Runs whose marks are taken in one transaction. */
const BATCH = 500
/**
 * After a recount a process rests for so many times as long as it took, at most REST_MS: runs that are being written to are
 * counted from their first result on each time, and without a rest that would take as much of the database as the writes.
 */
const REST = 9
const REST_MS = 1_000
/** A run whose recount failed is left alone for this long. */
const ASIDE_MS = 60_000
/** How long a recount waits for a run that somebody else holds, a large import say, and how long it then lets it be. */
const LOCK_MS = 1_000
const HELD_MS = 2_000

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
 *
 * Where a batch fails (a value that PostgreSQL cannot add up, a run so large that it meets the statement limit), its runs
 * are recounted one at a time without that limit; the ones that still fail keep their marks and are set aside for a minute.
 */
export function createRecountSchedule(
  db: Database,
  log: Logger,
  { delayMs, sweepMs }: RecountPace = recountPaces.alone,
): RecountSchedule {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let closed = false
  let restUntil = 0

  const aside = new Map<string, number>()

  const recountNow = async () => {
    while (!closed && (await recountBatch()) > 0);
  }
  /** Gives how many runs it met. */
  const recountBatch = async () => {
    const now = performance.now()
    for (const [id, until] of aside) if (until <= now) aside.delete(id)
    const taken: string[] = []
    try {
      await db.transaction((tx) => recountMarked(tx, { limit: BATCH, except: [...aside.keys()] }, taken))
    } catch (error) {
      if (taken.length === 0 || isOutage(error)) throw error
      log.warn({ err: error, runs: taken.length }, 'a recount of runs failed; they are recounted one at a time')
      for (const id of taken) if (!closed) await recountAlone(id)
    }
    return taken.length
  }
  const recountAlone = async (id: string) => {
    try {
      await db.transaction(async (tx) => {
        await tx.query({ text: `set local statement_timeout = 0; set local lock_timeout = ${LOCK_MS}` })
        await recountMarked(tx, { of: id }, [])
      })
    } catch (error) {
      if (isOutage(error)) throw error
      if (isHeld(error)) {
        log.warn({ runId: id }, 'a run that somebody holds could not be recounted yet')
        aside.set(id, performance.now() + HELD_MS)
      } else {
        log.error({ err: error, runId: id }, 'a run could not be recounted; it is tried again in a minute')
        aside.set(id, performance.now() + ASIDE_MS)
      }
    }
  }
  /** Marks that come meanwhile wait for the next time, unless there were more than one transaction takes. */
  const recountDue = async () => {
    const began = performance.now()
    try {
      while (!closed && (await recountBatch()) >= BATCH);
    } finally {
      const now = performance.now()
      restUntil = now + Math.min((now - began) * REST, REST_MS)
    }
  }
  // Due while one is running: its last look for marks may have been too early, so it runs once more.
  let again = false
  const run = () => {
    timer = undefined
    again = running !== undefined
    const restMs = restUntil - performance.now()
    if (!running && restMs > 0) {
      timer = setTimeout(run, restMs)
      return
    }
    running ??= recountDue()
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

/**
 * Recounts the runs of some marks and rolls them up, others are only rolled up; the ids of all are in `taken` as soon as they
 * are known, also when it fails.
 */
async function recountMarked(tx: Queryable, choice: MarkChoice, taken: string[]): Promise<void> {
  const changed = await takeMarks(tx, choice)
  const ids = [...new Set([...changed, ...(await takeRollupMarks(tx, choice))])]
  // The transaction may be run again, with other marks.
  taken.splice(0, taken.length, ...ids)
  if (ids.length === 0) return
  const locked = await lockRuns(tx, ids)
  if (changed.length > 0) await recountRuns(tx, changed)
  await rollUp(tx, ids, locked)
}
