import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { describeWithRedis } from '../helpers/redis.ts'
import { createRandom } from '../process/helpers/seeded-random.ts'
import { findLosses, findServedLosses } from './helpers/checker.ts'
import { sendWork, usualSize } from './helpers/clients.ts'
import { killWeb } from './helpers/faults.ts'
import { allRollupLosses } from './helpers/rollup-checker.ts'
import { say } from './helpers/rounds.ts'
import { makeTarget, startWorld, type World } from './helpers/world.ts'

const seed = Number(process.env.FAULT_SEED ?? 1)
const small = { ...usualSize, uploaders: 2, results: 6, importers: 2, cases: [10, 10], readers: 1 } as const
const emptied = 'truncate imports, runs, results, run_changes, rollup_changes, jobs, import_chunks cascade'

let world: World

describeWithRedis('the checker of the fault rounds', () => {
  beforeAll(async () => {
    world = await startWorld({ disk: false })
  })
  afterAll(async () => {
    await world?.stop()
  })

  test('finds everything that may be wrong', { timeout: 60_000 }, async () => {
    const server = await world.startServer()
    const { url } = world.postgres
    const target = await makeTarget(server)
    const ledger = await sendWork(target, createRandom(seed), small)
    expect(await findLosses(url, ledger)).toEqual([])
    expect(await findServedLosses(target, ledger)).toEqual([])
    expect(await allRollupLosses(url)).toEqual([])

    const idsOf = (state: string) => [...ledger.tokens].filter(([, token]) => token.state === state).map(([id]) => id)
    const [works] = idsOf('works')
    const [deleted] = idsOf('deleted')
    const [artifact, other] = [...ledger.artifacts.keys()]
    await runSql(
      url,
      `delete from tokens where id = '${works}'`,
      `update artifacts set content = content || 'x' where id = '${artifact}'`,
    )
    // The server remembers look-ups for some seconds; a new one does not.
    const served = await findServedLosses(await makeTarget(await world.startServer()), ledger)
    expect(served).toContainEqual(`token ${works} is answered with 401`)
    expect(served).toContainEqual(`artifact ${artifact} is served other than it was sent`)
    await world.server().kill()

    const [run] = [...ledger.runs.keys()]
    const [first, second] = [...ledger.imports]
    const [importId, imported] = [second?.[0], second?.[1].runId]
    const changes: readonly (readonly [string, RegExp])[] = [
      ['select', /^token .* is gone$/],
      ['select', /^artifact .* is not what was sent$/],
      [`delete from artifacts where id = '${other}'`, /^artifact .* is gone$/],
      [
        `insert into artifacts (id, result_id, run_id, filename, upload_date, content)
         select gen_random_uuid(), result_id, run_id, filename, upload_date, content from artifacts where id = '${artifact}'`,
        /^artifact .* is there 2 times, sent 1 times$/,
      ],
      [
        `insert into tokens (id, name, token, user_id) select '${deleted}', 'again', 'x', id from users limit 1`,
        /^token .* is there although it was deleted$/,
      ],
      [
        `update projects set title = 'Title 3' where id = '${ledger.projectId}'`,
        /^the project's title is Title 3, not Title/,
      ],
      [`update runs set data = data - 'stage' where id = '${run}'`, /^run .* is null, not ended$/],
      [
        `update results set id = gen_random_uuid() where id = (
           select id from results r where run_id = '${run}' and not exists (select from artifacts where result_id = r.id) limit 1)`,
        /that nobody sent$/,
      ],
      [
        `delete from artifacts where result_id in (select id from results where run_id = '${run}' and test_id = 'test_5');
         delete from results where run_id = '${run}' and test_id = 'test_5'`,
        /^result test_5 .* is there 0 times$/,
      ],
      [
        `insert into results (id, run_id, test_id, result, start_time)
         select gen_random_uuid(), run_id, test_id, result, start_time from results
         where run_id = '${run}' and test_id = 'test_3'`,
        /^result test_3 .* is there 2 times$/,
      ],
      [`update results set result = 'blocked' where run_id = '${run}'`, /^result test_4 .* is blocked$/],
      [`delete from import_owners; delete from imports where id = '${first?.[0]}'`, /^import .* is gone$/],
      [`update imports set status = 'running' where id = '${importId}'`, /^import .* is running/],
      [
        `delete from artifacts where result_id in (select id from results where run_id = '${imported}')`,
        /^result TestFaults\..* has 0 artifacts, not 1$/,
      ],
      [`update runs set summary = summary || '{"skips": 77}' where id = '${run}'`, /^summary .* skips 77, a recount/],
      [`insert into run_changes values ('${run}')`, /^a mark of run/],
      [`insert into rollup_changes values ('${run}')`, /^a mark of the rollups of run/],
      [`update jobs set state = 'failed' where id = '${importId}'`, /^job import .* is failed/],
      [`insert into import_chunks (import_id, seq, content) values ('${importId}', 0, 'x')`, /^the file of import/],
      [
        `update result_rollups set count = count + 1 where project_id = '${ledger.projectId}'`,
        /^rollup of results .* says \d+, a recount/,
      ],
      [
        `update run_rollups set runs = runs + 1 where project_id = '${ledger.projectId}'`,
        /^rollup of runs .* says \d+, a recount/,
      ],
      [
        `delete from run_changes; delete from rollup_changes;
         update result_contributions set counts = array(select c + 1 from unnest(counts) as c) where run_id = '${run}'`,
        /^run .* has not contributed to the rollups what it holds$/,
      ],
      [
        `update results set run_id = null where run_id = '${imported}'; delete from runs where id = '${imported}'`,
        /^run .* of an import is gone$/,
      ],
      [
        `delete from artifacts; delete from results where run_id = '${run}'; delete from runs where id = '${run}'`,
        /^run .* is gone, with 6 results$/,
      ],
    ]
    for (const [change, loss] of changes) {
      await runSql(url, change)
      expect(await findLosses(url, ledger, 0), change).toContainEqual(expect.stringMatching(loss))
    }
    expect(await allRollupLosses(url)).toContainEqual(expect.stringMatching(/are no recount$/))
    await runSql(url, emptied)
  })

  test.each([
    ['import', /^import .* is gone$/],
    ['run', /^run .* is gone/],
    ['result', /^result .* is there 0 times$/],
    ['artifact', /^artifact .* is gone$/],
  ] as const)('finds the %s that was acknowledged before its commit', { timeout: 120_000 }, async (victim, loss) => {
    const server = await world.startServer({ hook: 'early-answers.ts', env: { EARLY_ANSWERS: victim } })
    let struck = false
    const target = await makeTarget(server, (kind) => {
      if (kind !== victim || struck) return
      struck = true
      killWeb(server)
    })
    const ledger = await sendWork(target, createRandom(seed + victim.length), {
      ...small,
      uploaders: victim === 'import' ? 0 : 1,
      importers: victim === 'import' ? 1 : 0,
      files: 1,
      readers: 0,
      tokens: 0,
      titles: 0,
      sessions: 1,
    })
    expect(struck).toBe(true)
    const losses = await findLosses(world.postgres.url, ledger, 5_000)
    say(`early answers, web workers killed after that to ${victim}: ${losses.length} losses, the first: ${losses[0]}`)
    expect(losses).toContainEqual(expect.stringMatching(loss))
    await server.kill()
    await runSql(world.postgres.url, emptied)
  })
})
