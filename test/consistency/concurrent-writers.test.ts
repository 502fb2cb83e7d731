import { afterEach, describe, expect, it } from 'vitest'
import { createTestDatabase, runSql, type TestDatabase } from '../helpers/database.ts'
import { createRandom } from '../process/helpers/seeded-random.ts'
import { logIn, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { createWorld, initialFields } from './helpers/contents.ts'
import { findViolations } from './helpers/find-violations.ts'
import type { Operation } from './helpers/history.ts'
import { awaitSummaries, wrongRollups } from './helpers/recount.ts'
import { readAll, write } from './helpers/writers.ts'

/** `npm run test:consistency` is the long form; CONSISTENCY_SEED repeats what is drawn. */
const isLong = process.env.CONSISTENCY === 'long'
const seed = Number(process.env.CONSISTENCY_SEED ?? Date.now() % 2 ** 31)
const CLIENTS = 32
const ROUNDS = isLong ? 5 : 1
const OPERATIONS = isLong ? 80 : 40
/** How soon summaries follow the last write (design.md, Writes). */
const SUMMARIES_MS = 2_000

let database: TestDatabase | undefined
let server: Supervisor | undefined

afterEach(async () => {
  await server?.kill()
  await database?.drop()
  server = undefined
  database = undefined
})

async function start(careless?: string): Promise<{ token: string; project: string }> {
  database = await createTestDatabase()
  server = await startSupervisor({
    databaseUrl: database.url,
    env: { ROLES: 'web,worker', GUNICORN_PROCESSES: '2', LOG_LEVEL: 'info', DB_POOL_SIZE: '8', CARELESS: careless },
    ...(careless ? { hook: 'careless-writes.ts' } : {}),
  })
  const token = await logIn(server.url)
  const answer = await fetch(`${server.url}/api/project`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'consistency', title: 'Consistency' }),
  })
  return { token, project: ((await answer.json()) as { id: string }).id }
}

/** One round of all clients on objects of its own. */
async function play(round: number, { token, project }: { token: string; project: string }, operations = OPERATIONS) {
  const url = server?.url ?? ''
  const world = createWorld(createRandom(seed + round), project, 6, 4)
  const writers = { url, token, world, clients: CLIENTS, operations }
  const { history, strange } = await write(writers, (client) => createRandom(seed + round * 1_000 + client + 1))
  const summaries = await awaitSummaries(database?.url ?? '', SUMMARIES_MS)
  const contents = (object: string, variant: number) => initialFields(world, object, variant)
  const check = async () => findViolations(history, await readAll(writers), contents)
  return { history, strange, summaries, check }
}

function tally(histories: readonly Operation[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind, outcome, repeated } of histories) {
    for (const what of [`${kind} ${outcome}`, ...(repeated ? ['sent again'] : [])])
      counts[what] = (counts[what] ?? 0) + 1
  }
  return counts
}

const deadlocks = async () =>
  (
    await runSql<{ deadlocks: number }>(
      database?.url ?? '',
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    )
  )[0]?.deadlocks

describe(`${CLIENTS} clients that write the same runs, results and metadata`, () => {
  it('leave what some serial order leaves', { timeout: 60_000 * ROUNDS }, async () => {
    const place = await start()
    const all: Operation[] = []
    let slowest = 0
    for (let round = 1; round <= ROUNDS; round++) {
      const { history, strange, summaries, check } = await play(round, place)
      const about = `seed ${seed}, round ${round}`
      expect([about, strange]).toEqual([about, []])
      expect([about, summaries.wrong]).toEqual([about, []])
      expect([about, await check()]).toEqual([about, []])
      expect([about, await wrongRollups(database?.url ?? '', 20_000)]).toEqual([about, []])
      all.push(...history)
      slowest = Math.max(slowest, summaries.ms)
    }
    const said = server?.stderr() ?? ''
    const conflicts = [...said.matchAll(/40P01|40001|deadlock/g)].length
    process.stderr.write(
      `consistency: ${JSON.stringify({ seed, rounds: ROUNDS, operations: all.length, ...tally(all), 'answers 5xx': 0, summariesMs: Math.round(slowest), deadlocks: await deadlocks(), 'conflicts in the log': conflicts })}\n`,
    )
    expect(await deadlocks()).toBe(0)
  })
})

const careless: Readonly<Record<string, RegExp>> = {
  'no locks': /which no order of|less than an answer before it|and its key is not in/,
  'any content': /was acknowledged, but variant \d is stored/,
  'no marks': /says \w+ .*, a recount/,
}
/** The short form starts one server without all of it. */
const servers = isLong ? Object.keys(careless) : [Object.keys(careless).join(', ')]

describe('the checker', () => {
  it.each(servers)('finds out about a server with %s', { timeout: 60_000 }, async (names) => {
    const { summaries, check } = await play(1, await start(names), 15)
    const found = [...summaries.wrong, ...(await check())]
    process.stderr.write(`consistency: ${names}: ${found.length} violations, the first: ${found[0]}\n`)
    for (const name of names.split(', ')) expect(found).toContainEqual(expect.stringMatching(careless[name] ?? name))
  })
})
