import { readFileSync } from 'node:fs'
import { runMigrate } from './commands/migrate.ts'
import { runServe } from './commands/serve.ts'
import { ConfigError, readConfig } from './config.ts'
import { EmbeddedError } from './db/embedded-binaries.ts'
import { SchemaError } from './db/schema-state.ts'

/** The version of the program, from package.json. */
function programVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

const HELP = `Usage: node src/start.js <command>

  serve     run the server; without a configured database also its own PostgreSQL (the default)
  migrate   bring the database's schema up to date and end
  version   print the version
  help      print this

Settings are environment variables; README.md lists them.
`

const commands: Readonly<Record<string, () => Promise<void>>> = {
  serve: async () => runServe(readConfig()),
  migrate: async () => runMigrate(readConfig()),
  version: async () => void process.stdout.write(`${programVersion()}\n`),
  help: async () => void process.stdout.write(HELP),
}

/** Exit codes: 1 it failed, 2 a wrong command or setting. */
async function main(): Promise<void> {
  const name = process.argv[2] ?? 'serve'
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    process.stderr.write(`There is no command "${name}".\n\n${HELP}`)
    process.exit(2)
  }
  try {
    await command()
  } catch (error) {
    const expected = error instanceof ConfigError || error instanceof EmbeddedError || error instanceof SchemaError
    process.stderr.write(`${expected || isListenError(error) ? (error as Error).message : (error as Error).stack}\n`)
    process.exit(error instanceof ConfigError ? 2 : 1)
  }
}

function isListenError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen'
}

await main()
