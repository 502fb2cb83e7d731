import { complain, explain, say, UsageError } from './say.ts'

type Run = (argv: readonly string[]) => Promise<number>

interface Command {
  readonly summary: string
  /** Commands load their code themselves: most need no Ajv and no compiler. */
  readonly load: () => Promise<{ readonly run: Run; readonly help: string }>
}

const commands: Readonly<Record<string, Command>> = {
  generate: {
    summary: 'write generated/ from openapi/ (--watch: on every save)',
    load: async () => {
      const { runGenerate, GENERATE_HELP } = await import('./commands/generate.ts')
      return { run: runGenerate, help: GENERATE_HELP }
    },
  },
  check: {
    summary: 'fail when the committed code is not what the spec gives',
    load: async () => {
      const { runCheck, CHECK_HELP } = await import('./commands/generate.ts')
      return { run: runCheck, help: CHECK_HELP }
    },
  },
  lint: {
    summary: 'only read the spec, and say what is refused',
    load: async () => {
      const { runLint, LINT_HELP } = await import('./commands/generate.ts')
      return { run: runLint, help: LINT_HELP }
    },
  },
  new: {
    summary: 'start an operation: spec, handler, SQL, test and access row',
    load: async () => {
      const { runNew, NEW_HELP } = await import('./commands/new-operation.ts')
      return { run: runNew, help: NEW_HELP }
    },
  },
  diff: {
    summary: 'breaking and other changes of the interface against a git ref',
    load: async () => {
      const { runDiff, DIFF_HELP } = await import('./commands/diff.ts')
      return { run: runDiff, help: DIFF_HELP }
    },
  },
  routes: {
    summary: 'the operations with method, path, access and handler',
    load: async () => {
      const { runRoutes, ROUTES_HELP } = await import('./commands/routes.ts')
      return { run: runRoutes, help: ROUTES_HELP }
    },
  },
  client: {
    summary: 'write a typed TypeScript client into a folder',
    load: async () => {
      const { runClient, CLIENT_HELP } = await import('./commands/client.ts')
      return { run: runClient, help: CLIENT_HELP }
    },
  },
  mock: {
    summary: "serve the spec's examples",
    load: async () => {
      const { runMock, MOCK_HELP } = await import('./commands/mock.ts')
      return { run: runMock, help: MOCK_HELP }
    },
  },
}

const HELP = `ibutsu-codegen <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

ibutsu-codegen <command> --help tells more.`

/** Runs a command: 0 done, 1 refused, out of date or broken, 2 wrong arguments. */
async function main([name = 'help', ...argv]: readonly string[]): Promise<number> {
  if (name === 'help' || name === '--help') {
    say(HELP)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new UsageError(`There is no command "${name}".\n\n${HELP}`)
  const { run, help } = await command.load()
  if (argv.includes('--help')) {
    say(help)
    return 0
  }
  try {
    return await run(argv)
  } catch (error) {
    if (isWrongUsage(error)) throw new UsageError(`${(error as Error).message}\n\n${help}`)
    throw error
  }
}

function isWrongUsage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  complain(explain(error))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
