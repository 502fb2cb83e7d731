import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prune } from '../../../src/jobs/prune/prune.ts'
import { createRecountSchedule } from '../../../src/jobs/recount-schedule.ts'
import { buildRollups, rebuildRollups } from '../../../src/rollups/build-rollups.ts'
import { runSql } from '../../helpers/database.ts'
import { importFile } from '../../helpers/imports.ts'
import { recountOnce } from '../../helpers/recount-once.ts'
import { startTestServer, type TestServer } from '../../helpers/server.ts'
import { createRandom } from './random-rows.ts'

const SEED = Number(process.env.PROPERTY_SEED ?? 7)

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ DB_POOL_SIZE: '8' })
})
afterAll(() => server.close())

const sql = <R extends object>(...statements: string[]) => runSql<R>(server.databaseUrl, ...statements)
const none = { runs: 0, resultRollups: 0, runRollups: 0 }
const rebuild = () => {
  const { db, log, config } = server.ctx
  return rebuildRollups({ db, log, fields: config.rollupFields, signal: new AbortController().signal })
}

/** What was sent, so that later writes have something to change. */
interface Known {
  readonly projects: string[]
  readonly runs: string[]
  readonly results: string[]
}

/** One write of any kind that there is; refused ones are none. */
async function write(random: ReturnType<typeof createRandom>, known: Known): Promise<void> {
  const { pick, below, chance } = random
  const project_id = pick(known.projects)
  const old = () => new Date(Date.now() - below(345) * 86_400_000).toISOString()
  const metadata = { project: 'x', jenkins: { job_name: pick(['j', 'k']), build_number: String(below(5)) } }
  const send = async (method: string, path: string, json: object) => {
    const { status, body, text } = await server.send(method, path, { json })
    if (status >= 500) throw new Error(`${method} ${path}: ${status} ${text}`)
    return status < 300 ? (body.id as string | undefined) : undefined
  }
  const kinds = {
    async run() {
      const json = {
        project_id,
        start_time: old(),
        component: pick(['a', 'b']),
        summary: { tests: below(9) },
        metadata,
      }
      const id = await send('POST', '/api/run', json)
      if (id) known.runs.push(id)
    },
    async result() {
      const run_id = chance(0.9) ? pick(known.runs) : undefined
      const json = {
        test_id: 't',
        result: pick(['passed', 'failed', 'skipped']),
        project_id,
        run_id,
        start_time: old(),
      }
      const id = await send('POST', '/api/result', { ...json, metadata })
      if (id) known.results.push(id)
    },
    changeRun: async () => {
      await send('PUT', `/api/run/${pick(known.runs)}`, { component: pick(['a', 'c']), start_time: old(), project_id })
    },
    changeResult: async () => {
      await send('PUT', `/api/result/${pick(known.results)}`, {
        ...{ result: pick(['passed', 'error']), start_time: old(), metadata: { classification: pick(['x', 'y']) } },
        ...(chance(0.3) ? { run_id: pick(known.runs) } : {}),
      })
    },
    async changeMany() {
      const query = [['filter', `project_id=${project_id}`] as const, ['pageSize', '5'] as const]
      const json = { metadata: { jenkins: { job_name: pick(['m', 'n']), build_number: '1' } } }
      await server.send('POST', '/api/run/bulk-update', { json, query })
    },
    async import() {
      const cases = Array.from({ length: 5 }, (_, n) => `<testcase classname="c" name="t${n}" time="1"/>`).join('')
      const file = `<testsuite name="s" tests="5">${cases}<properties><property name="component" value="${pick(['a', 'b'])}"/></properties></testsuite>`
      await importFile(server, { file, name: 'junit.xml', fields: [['project', project_id]] })
    },
    pruneResults: async () => {
      await prune(server.ctx, 'results', { age: pick([5, 8]) })
    },
    pruneRuns: async () => {
      await prune(server.ctx, 'runs', { age: 11 })
    },
    async deleteProject() {
      const [last] = known.projects.length > 2 ? known.projects.splice(-1) : []
      if (last) await send('DELETE', `/api/admin/project/${last}`, {})
      known.projects.push(await server.addProject(`p-${randomUUID()}`))
    },
    deleteByOthers: async () => {
      await sql(`delete from results where id = '${pick(known.results)}'`)
    },
  }
  const often: (keyof typeof kinds)[] = ['result', 'result', 'result', 'result', 'run', 'changeRun', 'changeResult']
  const seldom: (keyof typeof kinds)[] = [
    'changeMany',
    'import',
    'pruneResults',
    'pruneRuns',
    'deleteProject',
    'deleteByOthers',
  ]
  await kinds[chance(0.75) ? pick(often) : pick(seldom)]()
}

async function begin(): Promise<Known> {
  const known: Known = { projects: [], runs: [], results: [] }
  for (let n = 0; n < 3; n++) known.projects.push(await server.addProject(`p-${randomUUID()}`))
  for (let n = 0; n < 6; n++) {
    const json = { project_id: known.projects[n % 3], metadata: { a: 1 } }
    known.runs.push((await server.send('POST', '/api/run', { json })).body.id)
  }
  const json = { project_id: known.projects[0], run_id: known.runs[0], test_id: 't', result: 'passed' }
  known.results.push((await server.send('POST', '/api/result', { json })).body.id)
  return known
}

test('after 200 writes, imports, deletes and prunes nothing differs, whatever is pending', {
  timeout: 120_000,
}, async () => {
  const random = createRandom(SEED)
  const known = await begin()
  for (let n = 0; n < 200; n++) await write(random, known)
  expect(await rebuild()).toEqual(none)
  await recountOnce(server.ctx)
  expect(await rebuild()).toEqual(none)
  const [counts] = await sql<{ runs: number; rollups: number }>(
    'select count(*)::int as runs, (select count(*) from result_rollups)::int as rollups from run_contributions',
  )
  expect(counts?.runs).toBeGreaterThan(5)
  expect(counts?.rollups).toBeGreaterThan(100)
})

test('what differs is reported and repaired', async () => {
  await recountOnce(server.ctx)
  const dump = () =>
    sql('select project_id, field, grain, bucket, value, count from result_rollups order by 1, 2, 3, 4, 5')
  const right = await dump()
  await sql(`update result_rollups set count = count + 5 where ctid in (select ctid from result_rollups limit 3)`)
  await sql(`delete from result_rollups where ctid in (select ctid from result_rollups order by value_hash limit 1)`)
  expect(await rebuild()).toEqual({ ...none, resultRollups: 4 })
  await sql(
    `update run_rollups set exact_tests = exact_tests + 0.5 where ctid in (select ctid from run_rollups limit 2)`,
  )
  expect(await rebuild()).toEqual({ ...none, runRollups: 2 })
  // Rows that changed behind the back of everything.
  await sql(
    `set ibutsu_ts.marks = 'own'`,
    `update results set result = 'odd'
      where id in (select id from results where run_id is not null and result = 'passed' order by id limit 1)`,
  )
  expect(await rebuild()).toEqual({ ...none, runs: 1 })
  await sql(`delete from run_contributions where run_id in (select run_id from run_contributions order by 1 limit 1)`)
  expect(await rebuild()).not.toEqual(none)
  expect(await rebuild()).toEqual(none)
  await sql(`update results set result = 'passed' where result = 'odd'`)
  await recountOnce(server.ctx)
  expect(await dump()).toEqual(right)
})

test('recounters, writers, prunes and a rebuild at the same time leave no difference and meet no deadlock', {
  timeout: 120_000,
}, async () => {
  const known = await begin()
  const { db, log } = server.ctx
  const others = [0, 1, 2].map(() => createRecountSchedule(db, log, { delayMs: 5, sweepMs: 15 }))
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    const random = createRandom(SEED + writer)
    for (let n = 0; n < 40; n++) await write(random, known)
  })
  const rebuilds = async () => {
    for (let n = 0; n < 3; n++) expect(await rebuild()).toEqual(none)
  }
  await Promise.all([...writers, rebuilds()])
  await Promise.all(others.map((recounts) => recounts.close()))
  await recountOnce(server.ctx)
  expect(await rebuild()).toEqual(none)
  const [stats] = await sql<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  )
  expect(stats?.deadlocks).toBe(0)
})

test('a field that is added is built for all runs, one that is left out is forgotten', async () => {
  const { db, log } = server.ctx
  const build = (fields: readonly string[]) => buildRollups({ db, log, fields, signal: new AbortController().signal })
  const fields = () =>
    sql<{ name: string; ready: boolean; id: number }>(
      `select id, name, ready from rollup_fields where name = 'test_id'`,
    )
  await recountOnce(server.ctx)
  expect(await build([])).toBe(0)
  expect(await build(['test_id'])).toBeGreaterThan(0)
  const [first] = await fields()
  expect(first).toMatchObject({ ready: true })
  expect(await sql(`select from result_rollups where field = ${first?.id}`)).not.toEqual([])
  expect(await build([])).toBe(0)
  expect(await fields()).toEqual([])
  expect(await sql(`select from result_rollups where field = ${first?.id}`)).toEqual([])
  expect(await rebuild()).toEqual(none)
})
