import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../helpers/redis.ts'
import { countOpen, findLosses } from './helpers/fault-checker.ts'
import { type Ledger, sendWork, type Target } from './helpers/fault-work.ts'
import { type FaultName, faultNames, faults, isSeenByClients, killWeb, type Stage } from './helpers/faults.ts'
import { type OwnPostgres, startOwnPostgres } from './helpers/own-postgres.ts'
import { createRandom, type Random } from './helpers/seeded-random.ts'
import { logIn, type StartOptions, type Supervisor, startSupervisor } from './helpers/supervisor.ts'

const rounds = Number(process.env.FAULT_ROUNDS ?? 16)
const seed = Number(process.env.FAULT_SEED ?? 1)

/** The supervisor waits longer and longer before it makes good a crash; a new one does not. */
const CRASHES_OF_A_SUPERVISOR = 3

let postgres: OwnPostgres
let redis: TestRedis
let project: string
let supervisor: Supervisor | undefined

/** A server of a web process and a job worker, in place of the one before. */
const startServer = async (options: StartOptions = {}): Promise<Supervisor> => {
  await supervisor?.kill()
  supervisor = await startSupervisor({
    ...options,
    databaseUrl: postgres.url,
    env: { ROLES: 'web,worker', JOB_LEASE: '2', CELERY_BROKER_URL: redis.url, LOG_LEVEL: 'info' },
  })
  return supervisor
}

const say = (line: string) => process.stdout.write(`${line}\n`)

describeWithRedis('a fault loses nothing that was acknowledged', () => {
  beforeAll(async () => {
    ;[postgres, redis] = await Promise.all([startOwnPostgres(), startRedis()])
    const { url } = await startServer()
    project = randomUUID()
    const answer = await fetch(`${url}/api/project`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await logIn(url)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: project, name: 'faults', title: 'Faults' }),
    })
    if (answer.status !== 201) throw new Error(await answer.text())
    project = ((await answer.json()) as { id: string }).id
  })
  afterAll(async () => {
    await supervisor?.kill()
    await redis?.stop()
    await postgres?.stop()
  })

  test(`in ${rounds} rounds`, { timeout: 60_000 + rounds * 30_000 }, async () => {
    const ledgers: Ledger[] = []
    const counts = new Map<FaultName, number>()
    const losses: string[] = []
    const refused: string[] = []
    let deck: FaultName[] = []
    let server = await startServer()
    let crashes = 0
    let meetings = 0
    for (let round = 1; round <= rounds; round++) {
      // A round of its own for each seed and number, so that one can be repeated alone.
      const random = createRandom(seed * 1_000 + round)
      if (deck.length === 0) deck = random.shuffle(faultNames)
      const name = deck.pop() as FaultName
      counts.set(name, (counts.get(name) ?? 0) + 1)
      if (crashes >= CRASHES_OF_A_SUPERVISOR) {
        server = await startServer()
        crashes = 0
      }
      const mark = server.mark()
      const began = performance.now()
      const { ledger, met } = await playRound(server, name, random)
      if (met) meetings++
      const found = await findLosses(postgres.url, ledger)
      ledgers.push(ledger)
      losses.push(...found.map((loss) => `round ${round} (${name}): ${loss}`))
      if (!isSeenByClients(name)) refused.push(...ledger.failures.map((line) => `round ${round} (${name}): ${line}`))
      if (/killed/.test(name) && !name.startsWith('Redis')) crashes++
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      say(
        `fault round ${round}: ${name}${met ? '' : ' (nothing was under way)'}, ${describeLedger(ledger)}, ${found.length} losses, ${seconds} s`,
      )
      if (found.length > 0) say(server.stderr().slice(mark))
    }
    // Nothing that a round has stored was lost in a later one.
    for (const [n, ledger] of ledgers.entries()) {
      for (const loss of await findLosses(postgres.url, ledger)) losses.push(`at the end, of round ${n + 1}: ${loss}`)
    }
    const again = await runSql<{ name: string; jobs: number; crashed: number }>(
      postgres.url,
      `select name, count(*)::int as jobs, count(*) filter (where crashes > 0)::int as crashed
       from jobs where claims > 1 group by name`,
    )
    const kinds = [...counts].map(([name, count]) => `${count} × ${name}`).join(', ')
    say(
      `faults (seed ${seed}): ${rounds} rounds: ${kinds}; ${meetings} struck work under way; jobs run more than once: ${JSON.stringify(again)}`,
    )
    say(`acknowledged: ${describeLedger(...ledgers)}; losses: ${losses.length}; refused requests: ${refused.length}`)
    expect(losses).toEqual([])
    expect(refused).toEqual([])
  })

  test('and the checker finds everything that may be wrong', async () => {
    const server = await startServer()
    const ledger = await sendWork(await targetOf(server), createRandom(seed), {
      imports: 2,
      results: [10, 10],
      runs: 1,
      resultsOfRun: 5,
    })
    expect(await findLosses(postgres.url, ledger)).toEqual([])
    await server.kill()
    const [junit, archive] = [...ledger.imports.keys()]
    const [first, second, third] = [...ledger.runs.keys()]
    const changes: readonly (readonly [string, RegExp])[] = [
      [`delete from imports where id = '${archive}'`, /^import .* is gone$/],
      [`update imports set status = 'running' where id = '${junit}'`, /^import .* is running/],
      [
        `delete from results where run_id = '${first}' and test_id like '%.test_1'`,
        /^result .*test_1 .* is there 0 times$/,
      ],
      [
        `insert into results (id, run_id, test_id, result, start_time)
         select gen_random_uuid(), run_id, test_id, result, start_time from results
         where run_id = '${second}' and test_id like '%.test_2'`,
        /^result .*test_2 .* is there 2 times$/,
      ],
      [`update results set result = 'blocked' where run_id = '${third}'`, /^result .* is blocked$/],
      [`delete from artifacts`, /artifacts, not/],
      [`update runs set summary = summary || '{"skips": 77}' where id = '${first}'`, /^summary .* skips 77, a recount/],
      [`insert into run_changes values ('${first}')`, /^a mark of run/],
      [`update jobs set state = 'running' where id = '${junit}'`, /^job import .* is running$/],
      [`insert into import_chunks (import_id, seq, content) values ('${junit}', 0, 'x')`, /^the file of import/],
      [`delete from results where run_id = '${third}'; delete from runs where id = '${third}'`, /^run .* is gone/],
    ]
    for (const [change, loss] of changes) {
      await runSql(postgres.url, change)
      expect(await findLosses(postgres.url, ledger, 0)).toContainEqual(expect.stringMatching(loss))
    }
    await runSql(postgres.url, 'truncate imports, runs, results, run_changes, jobs, import_chunks cascade')
  })

  test.each(['import', 'result'] as const)(
    'and the checker finds the %s that was acknowledged before its commit',
    { timeout: 120_000 },
    async (victim) => {
      const server = await startServer({ hook: 'early-answers.ts' })
      const struck = Promise.withResolvers<void>()
      const target = await targetOf(server, (kind) => {
        if (kind !== victim) return
        struck.resolve()
        killWeb(server)
      })
      const size = { imports: victim === 'import' ? 1 : 0, results: [100, 100], runs: 1, resultsOfRun: 1 } as const
      const ledger = await sendWork(target, createRandom(seed + (victim === 'import' ? 100 : 200)), size)
      await struck.promise
      const losses = await findLosses(postgres.url, ledger)
      say(`early answers, web process killed after that to ${victim}: ${losses.length} losses, the first: ${losses[0]}`)
      const [importId] = ledger.imports.keys()
      expect(losses).toContainEqual(
        victim === 'import' ? `import ${importId} is gone` : expect.stringMatching(/^result .* is there 0 times$/),
      )
    },
  )
})

const targetOf = async (
  { url }: Supervisor,
  onAcknowledged: NonNullable<Target['onAcknowledged']> = () => undefined,
): Promise<Target> => ({
  url,
  token: await logIn(url),
  project,
  onAcknowledged,
})

/** Sends work while a fault strikes; says whether it met work under way. */
async function playRound(
  server: Supervisor,
  name: FaultName,
  random: Random,
): Promise<{ ledger: Ledger; met: boolean }> {
  let count = 0
  let waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const target = await targetOf(server, () => {
    count++
    for (const entry of waiting) if (entry.count <= count) entry.resolve()
    waiting = waiting.filter((entry) => entry.count > count)
  })
  let sending = true
  let met = false
  const stage: Stage = {
    supervisor: server,
    redis,
    postgres,
    acknowledged: (wanted) =>
      new Promise<void>((resolve) => {
        if (wanted <= count) resolve()
        else waiting.push({ count: wanted, resolve })
      }),
    async strike(says) {
      met = says ?? (sending || (await countOpen(postgres.url, [])) > 0)
    },
  }
  // Two generators, since the work and the fault draw from them in an order that no seed knows.
  const striking = faults[name](stage, createRandom(random.between(0, 2 ** 31)))
  const working = sendWork(target, random).finally(() => {
    sending = false
  })
  const [ledger] = await Promise.all([working, striking])
  return { ledger, met }
}

function describeLedger(...ledgers: readonly Ledger[]): string {
  const sum = (count: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + count(ledger), 0)
  const results = sum(({ runs }) => [...runs.values()].reduce((total, run) => total + run.size, 0))
  return `${sum(({ imports }) => imports.size)} imports, ${sum(({ runs }) => runs.size)} runs, ${results} results`
}
