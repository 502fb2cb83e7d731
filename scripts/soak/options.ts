import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bounds } from './verdict.ts'

export const HELP = `Usage: npm run soak -- [options]

All workloads at once on a server with one web worker and one job worker, over many connections that stay open; what the
processes hold is watched. Ends with a verdict: 1 is returned when a bound is broken or an answer was wrong.

  --minutes N            how long the load lasts (10)
  --seconds N            the same in seconds
  --connections N        connections that are kept open and used in turn (1000)
  --load N               share of what the server can do, found by a closed loop before: 0.7 sends as often whatever comes back.
                         1 is the closed loop itself, all the time (1)
  --at-once N            operations at a time of the closed loop (32)
  --calibrate N          seconds of the closed loop before, which is the warm-up too (60)
  --rate N               operations a second, instead of --load
  --every N              seconds between two looks at the processes (1)
  --without A,B          leave these operations out: the names of the table, and session for all that sessions send
  --set NAME=VALUE       a setting of the server; may be given often
  --settle N             seconds of the load before the slopes begin (a tenth of it)

  --runs N               runs in the database (2000)
  --results N            results in the database (200000)
  --db URL               make the database on this PostgreSQL server (one of its own, in a temporary folder)
  --use-db URL           use this database as it is, filled by this script or the load kit with --runs and --results

  --max-memory MB        most memory of the web worker (200): the Pss, which is its fair share of what it has in memory
  --max-other-memory MB  the same of the supervisor and of the job worker (90)
  --max-lag MS           most lag of the web worker's event loop, 99th percentile of the whole load (30)
  --max-own-lag MS       the same, of what its own work may have caused: waits for a processor are taken off (30)
  --max-failures N       most operations that failed (0)
  --max-memory-slope N   MB an hour that a process may grow, when that is more than twice its error (none)
  --max-files-slope N    the same for open files (none)
  --max-pool-slope N     the same for database connections in use (none)

  --json FILE            write the figures and all samples there
  --profile FOLDER       write a CPU profile of the web worker there, of the load's last minute
  --snapshots FOLDER     write heap snapshots of all processes there, before the load and after it
`

export interface SoakOptions {
  readonly seconds: number
  readonly connections: number
  readonly load: number
  readonly rate: number | null
  readonly atOnce: number
  readonly calibrate: number
  readonly every: number
  readonly settle: number
  readonly without: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  readonly amount: { readonly runs: number; readonly results: number }
  readonly serverUrl: string | undefined
  readonly useDb: string | undefined
  readonly bounds: Bounds
  readonly json: string | undefined
  readonly profile: string | undefined
  readonly snapshots: string | undefined
}

/** A wrong option: told without a stack. */
export class UsageError extends Error {}

const text = { type: 'string' } as const

/** Reads the command line; null when help is asked for. @throws UsageError */
export function readOptions(args: readonly string[]): SoakOptions | null {
  const { values: given } = parse(args)
  if (given.help) return null
  const number = (name: Exclude<keyof typeof given, 'set'>, standard: number, least = 0): number => {
    const value = given[name] === undefined ? standard : Number(given[name])
    if (!(value >= least)) throw new UsageError(`--${name} must be a number from ${least}`)
    return value
  }
  const optional = (name: Exclude<keyof typeof given, 'set'>) => (given[name] === undefined ? null : number(name, 0))
  const folder = (name: 'json' | 'profile' | 'snapshots') =>
    given[name] === undefined ? undefined : resolve(given[name])
  const seconds = number('seconds', number('minutes', 10) * 60, 1)
  const amount = { runs: number('runs', 2000, 200), results: number('results', 200_000, 5000) }
  if (amount.results % amount.runs !== 0 || amount.runs % 5 !== 0)
    throw new UsageError('--results must be a multiple of --runs, and that a multiple of 5')
  return {
    seconds,
    connections: number('connections', 1000, 1),
    load: number('load', 1),
    rate: optional('rate'),
    atOnce: number('at-once', 32, 1),
    calibrate: number('calibrate', 60, 1),
    every: number('every', 1, 0.1),
    settle: number('settle', seconds / 10),
    without: given.without?.split(',') ?? [],
    settings: Object.fromEntries(
      (given.set ?? []).map((pair) => [pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1)]),
    ),
    amount,
    serverUrl: given.db,
    useDb: given['use-db'],
    bounds: {
      memory: number('max-memory', 200),
      otherMemory: number('max-other-memory', 90),
      lag: number('max-lag', 30),
      ownLag: number('max-own-lag', 30),
      failures: number('max-failures', 0),
      memorySlope: optional('max-memory-slope'),
      filesSlope: optional('max-files-slope'),
      poolSlope: optional('max-pool-slope'),
    },
    json: folder('json'),
    profile: folder('profile'),
    snapshots: folder('snapshots'),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{
          minutes: text,
          seconds: text,
          connections: text,
          load: text,
          rate: text,
          'at-once': text,
          calibrate: text,
        },
        ...{ every: text, settle: text, runs: text, results: text, db: text, 'use-db': text },
        ...{ 'max-memory': text, 'max-other-memory': text, 'max-failures': text },
        ...{ 'max-lag': text, 'max-own-lag': text },
        ...{ 'max-memory-slope': text, 'max-files-slope': text, 'max-pool-slope': text },
        ...{ json: text, profile: text, snapshots: text },
        without: text,
        set: { type: 'string', multiple: true },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
