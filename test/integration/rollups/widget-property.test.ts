import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import { buildRollups } from '../../../src/rollups/build-rollups.ts'
import { countResults } from '../../../src/rollups/count-results.ts'
import { answerWidget } from '../../../src/widgets/answer-widget.ts'
import { daysBefore } from '../../../src/widgets/look-back.ts'
import { runSql } from '../../helpers/database.ts'
import { recountOnce } from '../../helpers/recount-once.ts'
import { startTestServer, type TestServer } from '../../helpers/server.ts'
import * as plain from './plain-widgets.ts'
import { createRandom, insertAsOthers, NOW, type Random, randomResult, randomRun, randomTime } from './random-rows.ts'

const SEED = Number(process.env.PROPERTY_SEED ?? 20_260_615)
const ROUNDS = Number(process.env.PROPERTY_ROUNDS ?? 3)

let server: TestServer
const projects: string[] = []

beforeAll(async () => {
  server = await startTestServer({ ROLLUP_FIELDS: 'metadata.sprint' }, { now: () => NOW })
  // The schedule would roll up at moments of its own.
  await server.ctx.recounts.close()
  projects.push(await server.addProject('p'), await server.addProject('q'))
})
afterAll(() => server.close())

/** Changes rows as other programs do: triggers mark what they touch. */
async function change(db: Database, random: Random): Promise<void> {
  const { below } = random
  const foreign = `set_config('ibutsu_ts.marks', '', true) is not null`
  const some = (table: string, count: number) =>
    `id in (select id from ${table} order by md5(id::text || '${below(1e9)}') limit ${count})`
  await insertAsOthers(
    db,
    'runs',
    Array.from({ length: 40 }, () => randomRun(random, projects)),
  )
  const runs = (await runSql<{ id: string }>(server.databaseUrl, 'select id from runs order by id')).map(({ id }) => id)
  await insertAsOthers(
    db,
    'results',
    Array.from({ length: 200 }, () => randomResult(random, projects, runs)),
  )
  const statements = [
    `delete from results where ${some('results', 20)} and ${foreign}`,
    `delete from runs r where ${some('runs', 5)} and not exists (select from results where run_id = r.id) and ${foreign}`,
    `update results set result = 'failed', component = 'cart' where ${some('results', 10)} and ${foreign}`,
    `update results set project_id = '${random.pick(projects)}' where ${some('results', 5)} and ${foreign}`,
    `update results set start_time = '${randomTime(random)}' where ${some('results', 5)} and ${foreign}`,
    `update results set run_id = null where ${some('results', 5)} and ${foreign}`,
    `update runs set project_id = null where ${some('runs', 1)} and ${foreign}`,
    `update runs set start_time = '${randomTime(random)}', summary = '{"tests": 7, "skips": 1.5}' where ${some('runs', 3)} and ${foreign}`,
  ]
  for (const text of statements) await db.query({ text })
}

const daysAgo = (days: number) => new Date(`${daysBefore(NOW, days)}Z`)

/** Every answer, as it is and as the plain implementation has it. */
async function compare(random: Random): Promise<void> {
  const { runs, results } = await plain.readAll(server.databaseUrl)
  const { pick } = random
  const scopes: plain.Scope[] = [{ all: true }, { all: false, ids: [projects[0] ?? ''] }, { all: false, ids: projects }]
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  const ask = async (id: string, scope: plain.Scope, params: Record<string, string>): Promise<any> => {
    const query = new URLSearchParams(scope.all ? params : { ...params, project: projects[0] ?? '' })
    return answerWidget(server.ctx, id as 'result-summary', query, scope)
  }
  for (const id of projects) {
    expect(await countResults(server.ctx.db, id)).toBe(results.filter((row) => row.project_id === id).length)
  }
  for (const scope of scopes) {
    const choices: Record<string, string>[] = [
      {},
      { env: 'qa' },
      { source: 'null' },
      { job_name: 'j' },
      { job_name: '5' },
      { env: 'prod', source: 'jenkins' },
    ]
    for (const choice of choices) {
      const wanted = Object.fromEntries(
        Object.entries(choice).map(([key, value]) => [key === 'job_name' ? 'metadata.jenkins.job_name' : key, value]),
      )
      expect(await ask('result-summary', scope, choice), JSON.stringify(choice)).toEqual(
        plain.resultSummary(runs, scope, wanted),
      )
    }
    const fields = [
      'result',
      'component',
      'env',
      'source',
      'metadata.exception_name',
      'metadata.assignee',
      'metadata.importance',
    ]
    for (const field of [...fields, 'metadata.jenkins.job_name', 'metadata.sprint', 'metadata.fspath']) {
      for (const days of [0, 90, 30, 1, 0.5, pick([12.25, 45, 3])]) {
        const since = days === 0 ? null : daysAgo(days)
        const params = { group_field: field, days: String(days) }
        const expected = plain.resultAggregator(results, scope, field, since)
        const rows: { _id: string; count: number }[] = await ask('result-aggregator', scope, params)
        expect(Object.fromEntries(rows.map(({ _id, count }) => [_id, count])), `${field} ${days}`).toEqual(expected)
        expect(rows.map(({ count }) => count)).toEqual(rows.map(({ count }) => count).sort((a, b) => b - a))
        const values: { _id: string }[] = await ask('result-aggregator', scope, { ...params, for_filter: 'true' })
        expect(values.map(({ _id }) => _id).sort()).toEqual(Object.keys(expected).sort())
      }
    }
    for (const field of ['component', 'env', 'source', 'metadata.jenkins.job_name', 'metadata.sprint']) {
      for (const weeks of [4, 1, 13, 0, -1]) {
        const answer = await ask('run-aggregator', scope, { group_field: field, weeks: String(weeks) })
        expect(answer, `${field} ${weeks}`).toEqual(plain.runAggregator(runs, scope, field, daysAgo(7 * weeks)))
      }
    }
    for (const job of [null, 'j', 'k']) {
      const expected = plain.jenkinsJobs(runs, scope, job)
      for (const page of [1, 2, 3]) {
        const filter: Record<string, string> = job === null ? {} : { additional_filters: `job_name=${job}` }
        const { jobs, pagination } = await ask('jenkins-job-view', scope, {
          page: String(page),
          page_size: '4',
          ...filter,
        })
        expect(pagination.totalItems).toBe(expected.length)
        expect(jobs).toMatchObject(expected.slice(4 * (page - 1), 4 * page))
        expect(jobs).toHaveLength(expected.slice(4 * (page - 1), 4 * page).length)
      }
    }
    for (const builds of [1, 3, 20]) {
      const { heatmap } = await ask('jenkins-heatmap', scope, {
        job_name: 'j',
        builds: String(builds),
        group_field: 'component',
      })
      const expected = plain.jenkinsHeatmap(runs, scope, 'j', builds, 'component')
      expect(Object.keys(heatmap).sort()).toEqual(Object.keys(expected).sort())
      for (const [group, cells] of Object.entries(expected)) {
        const found = heatmap[group].slice(1)
        expect(found.map(([, run]: [unknown, string]) => run)).toEqual(cells.map((cell) => cell?.[1] ?? 'None'))
        for (const [place, cell] of cells.entries()) if (cell) expect(found[place][0]).toBeCloseTo(cell[0], 1)
      }
    }
    if (scope.all) continue
    const params = { job_name: 'j', builds: '2', components: 'login,cart' }
    const { table_data } = await ask('importance-component', scope, params)
    const listed: Record<string, string[]> = {}
    for (const { component, data } of table_data) {
      for (const [build, cells] of Object.entries<Record<string, { result_list: string[] }>>(data)) {
        for (const [importance, { result_list }] of Object.entries(cells)) {
          if (result_list.length > 0) listed[[component, build, importance].join(' | ')] = [...result_list].sort()
        }
      }
    }
    expect(listed).toEqual(plain.importanceComponent(results, scope, 'j', 2, ['login', 'cart']))
  }
}

test(`widgets answer what a plain count of all rows gives, marks pending or not (seed ${SEED})`, {
  timeout: 300_000,
}, async () => {
  const random = createRandom(SEED)
  const { db, log } = server.ctx
  for (let round = 0; round < ROUNDS; round++) {
    await change(db, random)
    // Marked.
    await compare(random)
    // The field of the setting is not counted yet in the first round, then it is.
    if (round === 1) await buildRollups({ db, log, fields: ['metadata.sprint'], signal: new AbortController().signal })
    await recountOnce(server.ctx)
    expect(await runSql(server.databaseUrl, 'select from rollup_changes')).toEqual([])
    await compare(random)
  }
  expect(await runSql(server.databaseUrl, 'select from rollup_fields where not ready')).toEqual([])
})

test('builds are found behind many runs of others', async () => {
  const project = await server.addProject('walks')
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().slice(0, -1)
  const run = (minute: number, job_name: string, build: string) => ({
    ...{ id: randomUUID(), project_id: project, created: at(0), start_time: at(minute), component: 'c' },
    ...{ summary: { tests: 1 }, data: { jenkins: { job_name, build_number: build } } },
  })
  // Build 1 goes on for long, build 2 begins and ends meanwhile; 3 is of another job, long ago.
  const long = Array.from({ length: 300 }, (_, n) => run(100 + n, 'walk', '1'))
  await insertAsOthers(server.ctx.db, 'runs', [
    ...long,
    run(99, 'walk', ' 4 '),
    run(110, 'walk', '2'),
    run(5, 'old', '3'),
  ])
  const scope = { all: false as const, ids: [project] }
  const ask = (id: 'jenkins-heatmap' | 'jenkins-job-view', params: Record<string, string>) =>
    // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
    answerWidget(server.ctx, id, new URLSearchParams(params), scope) as Promise<any>
  for (const rolled of [false, true]) {
    if (rolled) await recountOnce(server.ctx)
    const { jobs, pagination } = await ask('jenkins-job-view', { page_size: '2', page: '1' })
    expect(jobs.map(({ _id, summary }: { _id: string; summary: { tests: number } }) => [_id, summary.tests])).toEqual([
      ['walk-1', 300],
      ['walk-2', 1],
    ])
    expect(pagination.totalItems).toBe(4)
    const second = await ask('jenkins-job-view', { page_size: '2', page: '2' })
    expect(second.jobs.map(({ _id }: { _id: string }) => _id)).toEqual(['walk- 4 ', 'old-3'])
    // Build 2 began last, though all of the newest runs are of build 1.
    const { heatmap } = await ask('jenkins-heatmap', { job_name: 'walk', builds: '1', group_field: 'component' })
    expect(heatmap.c.slice(1).map((cell: unknown[]) => cell[3])).toEqual(['2'])
  }
})
