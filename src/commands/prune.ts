import { parseArgs } from 'node:util'
import { ConfigError, databaseUrl, readConfig } from '../config.ts'
import { configuredAge, type PruneOutcome, prune, pruneKinds } from '../jobs/prune/prune.ts'
import { createLog } from '../logging/process-log.ts'
import { openContext } from '../open-context.ts'
import { exitCodes } from '../supervisor/exit-codes.ts'

/**
 * Prunes now, by the configured ages: artifacts, results, runs and imports, in this order, as the schedule does. With
 * `--dry-run` it only says what each of them would delete from the database as it is.
 */
export async function runPrune(argv: readonly string[]): Promise<number> {
  const dryRun = argv.includes('--dry-run')
  const kinds = pruneKinds.filter((kind) => argv.includes(kind))
  const rest = argv.filter((word) => word !== '--dry-run' && !pruneKinds.some((kind) => kind === word))
  const { positionals } = parseArgs({ args: [...rest], strict: false, allowPositionals: true })
  const [unknown] = positionals
  if (unknown !== undefined) throw new ConfigError(`prune knows no "${unknown}", only ${pruneKinds.join(', ')}`)
  const config = readConfig(process.env, rest)
  const url = databaseUrl(config)
  if (!url) throw new ConfigError('prune needs a database: set SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST')
  const { ctx, close } = await openContext(config, url, createLog(config, 'prune'))
  try {
    for (const kind of kinds.length > 0 ? kinds : pruneKinds) {
      const outcome = await prune(ctx, kind, { dryRun })
      process.stdout.write(`${kind} (${configuredAge(ctx, kind)}): ${describe(outcome, dryRun)}\n`)
    }
  } finally {
    await close()
  }
  return exitCodes.stopped
}

function describe(outcome: PruneOutcome, dryRun: boolean): string {
  if ('skipped' in outcome) return `skipped, ${outcome.skipped}`
  const counts = Object.entries(outcome.deleted).filter(([, count]) => count > 0)
  const what = counts.map(([table, count]) => `${count} ${table}`).join(', ') || 'nothing'
  return dryRun ? `would delete ${what}` : `deleted ${what}`
}
