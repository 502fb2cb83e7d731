import { ConfigError, databaseUrl, readConfig } from '../config.ts'
import { createLog } from '../logging/process-log.ts'
import { openContext } from '../open-context.ts'
import { rebuildRollups } from '../rollups/build-rollups.ts'
import { exitCodes } from '../supervisor/exit-codes.ts'

/**
 * Counts everything again that widgets' statistics are made of, says what differed, and repairs it; the server may run
 * meanwhile. The exit code tells whether anything differed.
 */
export async function runRebuildRollups(argv: readonly string[]): Promise<number> {
  const config = readConfig(process.env, argv)
  const url = databaseUrl(config)
  if (!url) throw new ConfigError('rebuild-rollups needs a database: set SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST')
  const log = createLog(config, 'rebuild-rollups')
  const { ctx, close } = await openContext(config, url, log)
  try {
    const { signal } = new AbortController()
    const different = await rebuildRollups({ db: ctx.db, log, fields: config.rollupFields, signal })
    const lines = [
      `runs whose statistics differed from their rows: ${different.runs}`,
      `rollups of results that differed: ${different.resultRollups}`,
      `rollups of runs that differed: ${different.runRollups}`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    const isRight = Object.values(different).every((count) => count === 0)
    return isRight ? exitCodes.stopped : exitCodes.differences
  } finally {
    await close()
  }
}
