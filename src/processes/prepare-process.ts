import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { type Config, ConfigError } from '../config.ts'
import { isAway, isReadOnly } from '../db/away.ts'
import { toClientConfig } from '../db/connection.ts'
import { migrate, runDeferredMigrations } from '../db/migrate.ts'
import { SchemaError } from '../db/schema-state.ts'
import { isOutage } from '../errors.ts'
import { seedSuperadmin } from '../features/admin-user/seed-superadmin.ts'
import { enqueueJob, type NewJob } from '../jobs/enqueue-job.ts'
import { priorities } from '../jobs/job-names.ts'
import { createLog } from '../logging/process-log.ts'
import { openContext } from '../open-context.ts'
import { ExitError, exitCodes } from '../supervisor/exit-codes.ts'
import type { SupervisorLink } from './supervisor-link.ts'

const pauseMs = 500
const loginStates = new Set(['28P01', '28000', '3D000', '42501'])

/**
 * The process that brings the database up to date before others serve: it waits for it, migrates, makes the superadmin,
 * and says `ready`; index builds follow while the others serve. A process of its own, so that the supervisor stays small
 * and a reload migrates with the new code.
 */
export async function runPrepare(link: SupervisorLink): Promise<void> {
  const { config, databaseUrl } = await link.assignment
  const log = createLog(config, 'prepare')
  link.onDrain(() => process.exit(0))
  await prepareDatabase(config, databaseUrl, log)
  link.send({ type: 'ready' })
  await finishDatabase(config, databaseUrl, log)
  await askForRollups(config, databaseUrl, log)
  process.disconnect?.()
  process.exit(0)
}

/**
 * Brings the database as far as serving needs it.
 *
 * @throws ExitError noDatabase, databaseLogin, schema or settings.
 */
export async function prepareDatabase(config: Config, url: string, log: Logger): Promise<void> {
  await migrateDatabase(config, url, log)
  const { ctx, close } = await openContext(config, url, log)
  await explain(seedSuperadmin(ctx)).finally(close)
}

/**
 * Waits for the database and migrates it as far as serving needs it.
 *
 * @throws ExitError noDatabase, databaseLogin or schema.
 */
export async function migrateDatabase(config: Config, url: string, log: Logger): Promise<void> {
  const direct = config.databaseListenUrl || url
  await waitForDatabase(direct, config.databaseWaitSeconds, log)
  await explain(migrate({ url: direct, log }))
}

async function explain(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (error instanceof SchemaError) throw new ExitError(exitCodes.schema, error.message, { cause: error })
    if (error instanceof ConfigError) throw new ExitError(exitCodes.settings, error.message, { cause: error })
    if (isReadOnly(error) || isOutage(error)) {
      const reason = `The database could not be brought up to date: ${reasonOf(error)}`
      throw new ExitError(exitCodes.noDatabase, reason, { cause: error })
    }
    throw error
  }
}

/** What may be done while others serve already; whether it succeeded. A failure is logged. */
export async function finishDatabase(config: Config, url: string, log: Logger): Promise<boolean> {
  try {
    await runDeferredMigrations({ url: config.databaseListenUrl || url, log })
    return true
  } catch (error) {
    log.error({ err: error }, 'index builds failed; the server works without, the next start tries again')
    return false
  }
}

/** Has a worker bring the statistics of widgets in order: after an adoption, a new setting, a way back to Ibutsu. */
export async function askForRollups(config: Config, url: string, log: Logger): Promise<void> {
  const { ctx, close } = await openContext(config, url, log)
  try {
    const job: NewJob = { name: 'build-rollups', payload: {}, dedupeKey: 'start', priority: priorities.nightly }
    await ctx.db.transaction((tx) => enqueueJob(tx, job))
  } catch (error) {
    log.error({ err: error }, 'the job that builds rollups could not be made; widgets may be slow until the next start')
  } finally {
    await close()
  }
}

async function waitForDatabase(url: string, seconds: number, log: Logger): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  const session = { applicationName: 'ibutsu start', statementTimeoutMs: 5_000 }
  let told = ''
  for (;;) {
    let client: pg.Client | undefined
    try {
      client = new pg.Client(toClientConfig(url, session))
      client.on('error', () => undefined)
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client?.end().catch(() => undefined)
      const { code } = error as { code?: string }
      const reason = reasonOf(error)
      if (loginStates.has(code ?? '')) {
        throw new ExitError(exitCodes.databaseLogin, `The database refused the login: ${reason}`, { cause: error })
      }
      if (!isAway(error)) throw new ExitError(exitCodes.noDatabase, `The database can't be used: ${reason}`)
      if (performance.now() + pauseMs > deadline) {
        throw new ExitError(exitCodes.noDatabase, `No database within ${seconds} s (DB_WAIT): ${reason}`)
      }
      if (reason !== told) log.warn(`Waiting for the database: ${reason}`)
      told = reason
      await sleep(pauseMs)
    }
  }
}

/** An error of several addresses (::1 and 127.0.0.1) has no message of its own. */
function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error && first.message !== '' ? first.message : 'no answer'
}
