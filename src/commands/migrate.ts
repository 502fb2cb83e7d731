import { ConfigError, databaseUrl, readConfig } from '../config.ts'
import { createLog } from '../logging/process-log.ts'
import { finishDatabase, migrateDatabase } from '../processes/prepare-process.ts'
import { exitCodes } from '../supervisor/exit-codes.ts'

/** Brings the configured database's schema up to date, index builds included. */
export async function runMigrate(argv: readonly string[]): Promise<number> {
  const config = readConfig(process.env, argv)
  const url = databaseUrl(config)
  if (!url) throw new ConfigError('migrate needs a database: set SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST')
  const log = createLog(config, 'migrate')
  await migrateDatabase(config, url, log)
  return (await finishDatabase(config, url, log)) ? exitCodes.stopped : exitCodes.unexpected
}
