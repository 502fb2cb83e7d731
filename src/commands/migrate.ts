import { type Config, ConfigError, databaseUrl } from '../config.ts'
import { migrate, runDeferredMigrations } from '../db/migrate.ts'
import { createLog } from './process-log.ts'

/** Brings the configured database's schema up to date, index builds included. */
export async function runMigrate(config: Config): Promise<void> {
  const url = config.databaseListenUrl ?? databaseUrl(config)
  if (!url) throw new ConfigError('migrate needs a database: set SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST')
  const log = createLog(config)
  await migrate({ url, log })
  await runDeferredMigrations({ url, log })
}
