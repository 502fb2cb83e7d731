import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, runSql, type TestDatabase } from '../helpers/database.ts'
import { beginMeanwhile } from '../helpers/meanwhile.ts'
import { eventually } from '../helpers/server.ts'
import { type Supervisor, startSupervisor } from './helpers/supervisor.ts'

let database: TestDatabase
let supervisor: Supervisor | undefined
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await supervisor?.kill()
  await database.drop()
})

interface Job {
  readonly state: string
  readonly attempts: number
  readonly crashes: number
  readonly claims: number
  readonly error: string | null
}

const start = async (env: Readonly<Record<string, string>> = {}) => {
  supervisor = await startSupervisor({
    databaseUrl: database.url,
    env: { ROLES: 'web,worker', JOB_LEASE: '2', ...env },
  })
  return supervisor
}
const addJob = async () => {
  const id = randomUUID()
  await runSql(
    database.url,
    `insert into jobs (id, name) values ('${id}', 'prune-results')`,
    "select pg_notify('ibutsu_jobs', '')",
  )
  return id
}
const jobIs = (id: string, accept: (job: Job) => boolean) =>
  eventually(
    async () => (await runSql<Job>(database.url, `select * from jobs where id = '${id}'`))[0],
    (job) => job !== undefined && accept(job),
    15_000,
  )
/** Kills the job process and waits for the next one. */
const killWorker = async ({ workers }: Supervisor) => {
  const [old] = await eventually(
    async () => workers('job'),
    (pids) => pids.length === 1,
  )
  process.kill(old as number, 'SIGKILL')
  await eventually(
    async () => workers('job'),
    (pids) => pids.length === 1 && pids[0] !== old,
  )
}

test('a job whose worker is killed is run again by the next one', async () => {
  const running = await start()
  const lock = await beginMeanwhile(database.url, 'lock table results in access exclusive mode')
  const id = await addJob()
  await jobIs(id, ({ state }) => state === 'running')
  await lock.untilOneWaits()
  await killWorker(running)
  await lock.commit()
  expect(await jobIs(id, ({ state }) => state === 'done')).toMatchObject({
    state: 'done',
    attempts: 1,
    crashes: 1,
    claims: 2,
  })
})

test('a job that ends its worker twice ends failed', async () => {
  const running = await start()
  const lock = await beginMeanwhile(database.url, 'lock table results in access exclusive mode')
  const id = await addJob()
  for (const claims of [1, 2]) {
    await jobIs(id, (job) => job.state === 'running' && job.claims === claims)
    await lock.untilOneWaits()
    await killWorker(running)
  }
  expect(await jobIs(id, ({ state }) => state === 'failed')).toMatchObject({
    state: 'failed',
    crashes: 2,
    error: expect.stringContaining('twice'),
  })
  await lock.commit()
})

test('a recount whose worker is killed leaves its marks, and the next one counts', async () => {
  const running = await start()
  const run = randomUUID()
  await runSql(database.url, `insert into runs (id, start_time, created) values ('${run}', now(), now())`)
  const lock = await beginMeanwhile(database.url, `select from runs where id = '${run}' for update`)
  await runSql(database.url, `insert into run_changes values ('${run}')`)
  await lock.untilOneWaits()
  await killWorker(running)
  expect(await runSql(database.url, 'select from run_changes')).toHaveLength(1)
  await lock.commit(
    `insert into results (id, run_id, result, start_time) values (gen_random_uuid(), '${run}', 'passed', now())`,
  )
  const rows = await eventually(
    () =>
      runSql<{ tests: number; marks: number }>(
        database.url,
        `select (summary ->> 'tests')::int as tests, (select count(*)::int from run_changes) as marks
         from runs where id = '${run}'`,
      ),
    ([row]) => row?.tests === 1 && row.marks === 0,
  )
  expect(rows).toEqual([{ tests: 1, marks: 0 }])
})

test('a stop gives a job back that does not end in time', async () => {
  const running = await start({ GRACEFUL_TIMEOUT: '2' })
  const lock = await beginMeanwhile(database.url, 'lock table results in access exclusive mode')
  const id = await addJob()
  expect(await jobIs(id, ({ state }) => state === 'running')).toMatchObject({ state: 'running' })
  running.signal('SIGTERM')
  expect(await running.exit).toMatchObject({ code: 0 })
  expect(await jobIs(id, () => true)).toMatchObject({ state: 'queued', attempts: 0, crashes: 0 })
  await lock.commit()
})
