import { startLocalDatabase, welcome } from '../../src/commands/local-database.ts'
import { type Config, databaseUrl } from '../../src/config.ts'
import { createLog } from '../../src/logging/process-log.ts'

/** The database of a development server, which outlives its reloads. */
export interface DevDatabase {
  /** What the server's processes need to know of it. */
  readonly env: NodeJS.ProcessEnv
  /** How to get in, for the person at the terminal. */
  welcome(address: string): string
  stop(): Promise<void>
}

/** The configured database, or PostgreSQL in the data folder. */
export async function openDatabase(config: Config): Promise<DevDatabase> {
  if (databaseUrl(config)) {
    const env = { JWT_SECRET: config.jwtSecret || 'only for development' }
    return { env, welcome: (address) => `\n  Ibutsu is at ${address}\n`, stop: async () => undefined }
  }
  const embedded = await startLocalDatabase(config, createLog(config, 'dev'))
  const completed = await embedded.complete(config)
  return {
    env: {
      SQLALCHEMY_DATABASE_URI: embedded.url,
      JWT_SECRET: completed.jwtSecret,
      IBUTSU_SUPERADMIN_EMAIL: completed.superadminEmail,
      IBUTSU_SUPERADMIN_PASSWORD: completed.superadminPassword,
    },
    welcome: (address) => welcome(completed, address),
    stop: embedded.stop,
  }
}
