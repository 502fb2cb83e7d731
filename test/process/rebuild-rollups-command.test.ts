import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTestDatabase, runSql } from '../helpers/database.ts'

const start = fileURLToPath(new URL('../../src/start.js', import.meta.url))

test('rebuild-rollups says what differs, repairs it, and tells by its exit code', async () => {
  const database = await createTestDatabase()
  const env = { PATH: process.env.PATH, SQLALCHEMY_DATABASE_URI: database.url, JWT_SECRET: 'x', LOG_LEVEL: 'error' }
  const rebuild = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [start, 'rebuild-rollups'], {
      env,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }
  const says = (runs: number, results: number, runRollups: number) =>
    `runs whose statistics differed from their rows: ${runs}\nrollups of results that differed: ${results}\nrollups of runs that differed: ${runRollups}\n`
  await runSql(
    database.url,
    `insert into runs (id, start_time, created, component) select gen_random_uuid(), now(), now(), 'c' from generate_series(1, 3)`,
    `insert into results (id, run_id, start_time, result) select gen_random_uuid(), id, now(), 'passed' from runs`,
  )
  expect(rebuild()).toMatchObject({ status: 0, stdout: says(0, 0, 0) })
  await runSql(database.url, 'update result_rollups set count = 7')
  await runSql(
    database.url,
    'delete from run_contributions where run_id = (select min(run_id::text)::uuid from run_contributions)',
  )
  expect(rebuild()).toMatchObject({ status: 9 })
  expect(rebuild()).toMatchObject({ status: 0, stdout: says(0, 0, 0) })
  await database.drop()
})
