import { type Config, ConfigError, databaseUrl, readConfig } from '../config.ts'
import { createLog } from '../logging/process-log.ts'
import { ExitError } from '../supervisor/exit-codes.ts'
import { catchSignals } from '../supervisor/signals.ts'
import { runSupervisor } from '../supervisor/supervisor.ts'
import { takeInheritance } from '../supervisor/takeover.ts'
import { startLocalDatabase, welcome } from './local-database.ts'

/**
 * Runs the supervisor; without a configured database also PostgreSQL, which starts first and stops last.
 *
 * @returns the exit code.
 * @throws ConfigError, ExitError when it can't start.
 */
export async function runServe(argv: readonly string[]): Promise<number> {
  const inheritance = takeInheritance()
  const config = readConfig(process.env, argv)
  const log = createLog(config, 'supervisor')
  if (databaseUrl(config) && !config.jwtSecret) throw new ConfigError('JWT_SECRET must be set: it signs the tokens')
  const signals = catchSignals()
  const embedded = databaseUrl(config) ? undefined : await startLocalDatabase(config, log)
  const complete = async (given: Config) => (embedded ? embedded.complete(given) : given)
  try {
    const completed = await complete(config)
    const ending = await runSupervisor({
      config: completed,
      log,
      signals,
      inheritance,
      embeddedUrl: embedded?.url,
      readConfig: async () => complete(readConfig(process.env, argv)),
      onListening: (address) => embedded && process.stdout.write(welcome(completed, address)),
    })
    log.info('Shutting down')
    if (ending.message) throw new ExitError(ending.code, ending.message)
    return ending.code
  } finally {
    await embedded?.stop()
  }
}
