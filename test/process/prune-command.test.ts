import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTestDatabase, runSql } from '../helpers/database.ts'

const start = fileURLToPath(new URL('../../src/start.js', import.meta.url))

test('prune says what it would delete, deletes just that, and knows its kinds', async () => {
  const database = await createTestDatabase()
  const env = { PATH: process.env.PATH, SQLALCHEMY_DATABASE_URI: database.url, JWT_SECRET: 'x', LOG_LEVEL: 'error' }
  const prune = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [start, 'prune', ...words], {
      env,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }
  await runSql(
    database.url,
    `insert into results (id, start_time) select gen_random_uuid(), now() - n * interval '100 days' from generate_series(1, 3) n`,
  )
  const left = async () => (await runSql(database.url, 'select from results')).length
  expect(prune('--dry-run').stdout).toBe(
    'files (3): would delete nothing\nresults (5): would delete 2 results\nruns (12): would delete nothing\nimports (7): would delete nothing\n',
  )
  expect(await left()).toBe(3)
  expect(prune('results')).toMatchObject({ status: 0, stdout: 'results (5): deleted 2 results\n' })
  expect(await left()).toBe(1)
  expect(prune('everything')).toMatchObject({ status: 2, stderr: expect.stringContaining('everything') })
  await database.drop()
})
