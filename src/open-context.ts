import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { ACCESS_CHANNEL, CallerCache } from './access/caller-cache.ts'
import type { Config } from './config.ts'
import { type AppContext, type Clock, systemClock } from './context.ts'
import { createDatabase } from './db/database.ts'
import { createRecountSchedule } from './jobs/recount-schedule.ts'

/** A context and the way to close it, which takes its parts down in the opposite order. */
export interface OpenContext {
  readonly ctx: AppContext
  close(): Promise<void>
}

/** Opens what a process needs: database pool, caller cache fed by notifications, recounts. */
export async function openContext(
  config: Config,
  url: string,
  log: Logger,
  clock: Clock = systemClock,
): Promise<OpenContext> {
  const db = createDatabase({
    url,
    log,
    applicationName: `ibutsu web ${hostname()}`,
    poolSize: config.databasePoolSize,
    statementTimeoutMs: config.statementTimeoutSeconds * 1000,
    retryMs: config.databaseRetrySeconds * 1000,
    ...(config.databaseListenUrl ? { listenUrl: config.databaseListenUrl } : {}),
  })
  const callers = new CallerCache()
  const recounts = createRecountSchedule(db, log)
  const stopListening = await db.listen(ACCESS_CHANNEL, () => callers.clear(), {
    onUp: () => callers.switchOn(),
    onDown: () => callers.switchOff(),
  })
  return {
    ctx: { config, log, clock, db, callers, recounts },
    async close() {
      callers.switchOff()
      await recounts.close()
      await stopListening()
      await db.close()
    },
  }
}
