import type { AppContext } from '../../src/context.ts'
import { createRecountSchedule } from '../../src/jobs/recount-schedule.ts'

/** Recounts and rolls up what is marked now, beside whatever the context does by itself. */
export async function recountOnce({ db, log }: Pick<AppContext, 'db' | 'log'>): Promise<void> {
  const recounts = createRecountSchedule(db, log, { delayMs: 3_600_000, sweepMs: 3_600_000 })
  await recounts.recountNow()
  await recounts.close()
}
