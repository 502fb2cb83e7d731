import { ConfigError, databaseUrl, readConfig } from '../config.ts'
import { createLog } from '../logging/process-log.ts'
import { openContext } from '../open-context.ts'
import { finishDatabase, migrateDatabase } from '../processes/prepare-process.ts'
import { buildRollups } from '../rollups/build-rollups.ts'
import { exitCodes } from '../supervisor/exit-codes.ts'

/** Brings the configured database's schema up to date, with its indexes and the rollups of what is stored already. */
export async function runMigrate(argv: readonly string[]): Promise<number> {
  const config = readConfig(process.env, argv)
  const url = databaseUrl(config)
  if (!url) throw new ConfigError('migrate needs a database: set SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST')
  const log = createLog(config, 'migrate')
  await migrateDatabase(config, url, log)
  if (!(await finishDatabase(config, url, log))) return exitCodes.unexpected
  const { ctx, close } = await openContext(config, url, log)
  const { signal } = new AbortController()
  await buildRollups({ db: ctx.db, log, fields: config.rollupFields, signal }).finally(close)
  return exitCodes.stopped
}
