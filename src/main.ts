import { ConfigError } from './settings/config-error.ts'
import { ExitError, exitCodes } from './supervisor/exit-codes.ts'
import type { ChildRole } from './supervisor/messages.ts'

const HELP = `Usage: node src/start.js <command> [settings]

  serve        run the server: a supervisor with its workers; without a configured database also its own PostgreSQL
               (the default)
  web          one web process without a supervisor, for development and debuggers
  worker       one job process without a supervisor
  migrate      bring the database's schema up to date and end
  prune        delete what is old now: prune [--dry-run] [files] [results] [runs] [imports]
  rebuild-rollups
               count everything again that widgets' statistics are made of, report and repair what differed
  create-user  add an account: create-user <email> [--superadmin] [--name <name>]
  import       send result files to a server: import <file>... --project <id or name> [--url <server>] [--token <token>]
  version      print the version
  help         print this

Settings are flags or environment variables; a flag goes before its variable.
`

/** Each command loads its code itself: the supervisor must not hold what only its workers need. Gives the exit code. */
const commands: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  serve: async (argv) => (await import('./commands/serve.ts')).runServe(argv),
  web: async (argv) => (await import('./commands/web.ts')).runWebCommand(argv),
  worker: async (argv) => (await import('./commands/worker.ts')).runWorkerCommand(argv),
  migrate: async (argv) => (await import('./commands/migrate.ts')).runMigrate(argv),
  prune: async (argv) => (await import('./commands/prune.ts')).runPrune(argv),
  'rebuild-rollups': async (argv) => (await import('./commands/rebuild-rollups.ts')).runRebuildRollups(argv),
  'create-user': async (argv) => (await import('./commands/create-user.ts')).runCreateUser(argv),
  import: async (argv) => (await import('./commands/import.ts')).runImportCommand(argv),
  version: async () => print((await import('./version.ts')).programVersion(), '\n'),
  help: async () => print(HELP, (await import('./settings/help.ts')).settingsHelp()),
}

async function print(...texts: readonly string[]): Promise<number> {
  process.stdout.write(texts.join(''))
  return exitCodes.stopped
}

async function main([name = 'serve', ...argv]: readonly string[]): Promise<number> {
  // Flags alone mean serve.
  if (/^--(help|version)$/.test(name)) return main([name.slice(2)])
  if (name.startsWith('--')) return main(['serve', name, ...argv])
  if (argv.includes('--help')) return main(['help'])
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new ExitError(exitCodes.settings, `There is no command "${name}".\n\n${HELP}`)
  return command(argv)
}

function report(error: unknown): number {
  const known = error instanceof ExitError || error instanceof ConfigError
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  if (error instanceof ExitError) return error.code
  return error instanceof ConfigError ? exitCodes.settings : exitCodes.unexpected
}

const argv = process.argv.slice(2)
if (argv[0] === 'child' && process.send) {
  const { runChild } = await import('./processes/child-process.ts')
  await runChild(argv[1] as ChildRole)
} else {
  process.exit(await main(argv).catch(report))
}
