import { type Config, ConfigError } from '../config.ts'
import type { createLog } from '../logging/process-log.ts'
import { ExitError, exitCodes } from '../supervisor/exit-codes.ts'

export interface EmbeddedStart {
  readonly url: string
  /** Fills in the secrets that belong to the embedded database. */
  complete(config: Config): Promise<Config>
  stop(): Promise<void>
}

/**
 * Starts the embedded database of the data folder. Its code is loaded on demand: a supervisor with an external database
 * needs no database client.
 *
 * @throws ConfigError where none is installed, ExitError when it can't be started.
 */
export async function startLocalDatabase(config: Config, log: ReturnType<typeof createLog>): Promise<EmbeddedStart> {
  const [{ startEmbedded: start, DataFolderInUseError }, { EmbeddedError, findBinaries }, { withLocalSecrets }] =
    await Promise.all([import('../db/embedded.ts'), import('../db/embedded-binaries.ts'), import('./local-secrets.ts')])
  // The image brings no PostgreSQL: then it is the settings that lack one, and nothing is written.
  await findBinaries().catch((error) => {
    throw error instanceof EmbeddedError ? new ConfigError(error.message) : error
  })
  try {
    const { url, stop } = await start({ dataDir: config.dataDir, log })
    return { url, stop, complete: withLocalSecrets }
  } catch (error) {
    if (error instanceof DataFolderInUseError) throw new ExitError(exitCodes.dataFolder, error.message)
    if (error instanceof EmbeddedError) throw new ExitError(exitCodes.noDatabase, error.message)
    throw error
  }
}

/** Tells a person at a terminal how to get in. */
export function welcome(config: Config, listening: string): string {
  const address = listening.replace(/^http:\/\/(0\.0\.0\.0|\[::\]):/, 'http://127.0.0.1:')
  const login = JSON.stringify({ email: config.superadminEmail, password: config.superadminPassword })
  return `
  Ibutsu is at       ${address}   (the interface: ${address}/api/ui/)
  Log in with        ${config.superadminEmail} / ${config.superadminPassword}
  Its data is in     ${config.dataDir}

  A token for your tests:
  curl -s ${address}/api/login -H 'content-type: application/json' -d '${login}'

`
}
