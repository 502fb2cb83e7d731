/*
 * `npm run test:fuzz`: schemathesis, installed from PyPI, against the server as a user starts it, filled with a little of
 * everything. All operations, with data that fits the spec and data that breaks it, alone and in sequences that follow
 * from each other's answers. No 5xx, no status, content type, header or body that the spec does not have.
 *   --examples N  requests per operation, and sequences (100)
 *   --seed N      (1)
 *   --phases A,B  of examples, coverage, fuzzing, stateful (all)
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLocalServer } from '../clients/local-server.ts'
import { NotInstalledError, prepareVenv } from '../clients/venv.ts'
import { printSettings } from './schemathesis-settings.ts'
import { PHASES, printTally, readTally, unreached } from './tally.ts'
import { isIntact, makeWorld, type World } from './world.ts'

const here = import.meta.dirname
const venvFolder = join(here, '../../.cache/fuzz-venv')

/** What every answer is held against. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'use_after_free',
  'ensure_resource_availability',
  'ignored_auth',
  'unsupported_method',
  'allow_header_conformance',
]

interface Budget {
  readonly examples: string
  readonly seed: string
  readonly phases: string
}

async function main(): Promise<number> {
  const options = {
    examples: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    phases: { type: 'string', default: PHASES.join(',') },
  } as const
  const { values: budget } = parseArgs({ options })
  say('fuzz: installing')
  const python = await prepareVenv(venvFolder, join(here, 'requirements.txt'))
  const folder = await mkdtemp(join(tmpdir(), 'ibutsu-fuzz-'))
  // As root, PostgreSQL runs as another user, who must be able to enter.
  await chmod(folder, 0o755)
  try {
    return (await fuzz(python, folder, budget)) ? 0 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fuzz(python: string, folder: string, budget: Budget): Promise<boolean> {
  say('fuzz: starting a server')
  const server = await startLocalServer(folder)
  const stopped = new AbortController()
  const onSignal = () => stopped.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    const world = await makeWorld(server.url)
    const answers = join(folder, 'answers')
    const clean = await runSchemathesis(python, folder, answers, server.url, world, budget, stopped.signal)
    const tally = readTally(await readFile(answers, 'utf8'))
    say(printTally(tally))
    const intact = await isIntact(server.url, world)
    if (!intact)
      say('fuzz: WRONG: the account, its token or its project was lost on the way, so most requests say nothing')
    const missed = budget.phases === PHASES.join(',') ? unreached(tally) : []
    if (missed.length > 0) say(`fuzz: WRONG: never answered with what was asked for: ${missed.join(', ')}`)
    const good = clean && intact && missed.length === 0
    if (!clean) say(`the server's complaints:\n${await server.complaints()}`)
    say(`\nfuzz: ${tally.total} answers, ${good ? 'all as the spec says' : 'see above'}`)
    return good
  } finally {
    await server.stop()
  }
}

async function runSchemathesis(
  python: string,
  folder: string,
  answers: string,
  url: string,
  world: World,
  { examples, seed, phases }: Budget,
  signal: AbortSignal,
): Promise<boolean> {
  const settings = join(folder, 'schemathesis.toml')
  const worldFile = join(folder, 'world.json')
  await writeFile(settings, printSettings(world, join(here, 'hooks.py')))
  await writeFile(worldFile, JSON.stringify(world))
  // The document is asked for, not given as a file, so that operations with a server of their own are found there.
  const run = [
    'run',
    `${url}/api/openapi.json`,
    '--checks',
    checks.join(','),
    '--phases',
    phases,
    '--max-examples',
    examples,
    '--seed',
    seed,
  ]
  const options = [
    '--continue-on-failure',
    '--generation-database',
    'none',
    '--request-timeout',
    '30',
    '--warnings',
    'off',
  ]
  const child = spawn(python, ['-m', 'schemathesis.cli', '--config-file', settings, '--no-color', ...run, ...options], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LANG: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
      FUZZ_WORLD: worldFile,
      FUZZ_ANSWERS: answers,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
    signal,
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code === 0
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof NotInstalledError) {
    say(`fuzz: did not run: ${error.message}`)
    // A build machine must not pass without having tested.
    process.exitCode = process.env.CI === 'true' ? 1 : 0
  } else if (error instanceof Error && error.name === 'AbortError') {
    say('fuzz: interrupted')
    process.exitCode = 130
  } else {
    throw error
  }
}
