import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { AppContext } from '../../../src/context.ts'
import { prune, pruneKinds } from '../../../src/jobs/prune/prune.ts'
import { createBatchSize, deleteInBatches } from '../../../src/jobs/prune/prune-batches.ts'
import { runSql } from '../../helpers/database.ts'
import { createJobBench, type JobBench } from '../../helpers/job-context.ts'

let bench: JobBench
let ctx: AppContext
beforeAll(async () => {
  bench = await createJobBench()
  ctx = await bench.open()
})
afterAll(() => bench.close())
beforeEach(async () => {
  await runSql(bench.databaseUrl, 'truncate artifacts, results, runs, imports, import_files, import_chunks cascade')
})

const sql = (...statements: string[]) => runSql<{ n: number }>(bench.databaseUrl, ...statements)
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const ago = (days: number) => `(now() at time zone 'utc') - interval '${days} days'`
const addRun = (n: number, days: number) =>
  sql(`insert into runs (id, start_time, created) values ('${id(n)}', ${ago(days)}, now())`)
const addResult = (n: number, run: number | null, days: number) =>
  sql(
    `insert into results (id, run_id, start_time) values ('${id(n)}', ${run === null ? 'null' : `'${id(run)}'`}, ${ago(days)})`,
  )
const addArtifact = (n: number, owner: 'run_id' | 'result_id', of: number, days: number) =>
  sql(`insert into artifacts (id, ${owner}, upload_date, content) values ('${id(n)}', '${id(of)}', ${ago(days)}, 'x')`)
const left = async (table: string) =>
  (await runSql<{ n: number }>(bench.databaseUrl, `select right(id::text, 6)::int as n from ${table} order by 1`)).map(
    ({ n }) => n,
  )

/** What is old, what is young, and what refers across. */
async function fill() {
  await addRun(1, 400)
  await addRun(2, 400)
  await addRun(3, 10)
  await addRun(4, 400)
  await addResult(11, 1, 400)
  await addResult(12, 1, 399)
  // An old run that still gets results stays.
  await addResult(21, 2, 400)
  await addResult(22, 2, 3)
  await addResult(31, 3, 200)
  await addResult(51, null, 151)
  await addResult(52, null, 149)
  // Younger than the limit of artifacts, but what they belong to is old.
  await addArtifact(101, 'result_id', 11, 1)
  await addArtifact(102, 'run_id', 1, 1)
  await addArtifact(103, 'run_id', 4, 1)
  await addArtifact(104, 'result_id', 51, 1)
  await addArtifact(105, 'result_id', 52, 91)
  await addArtifact(106, 'result_id', 52, 89)
  await sql(
    `insert into imports (id, status, created) values ('${id(201)}', 'done', ${ago(8)}), ('${id(202)}', 'done', ${ago(6)})`,
    `insert into import_files (id, import_id, content) values ('${id(301)}', '${id(201)}', 'x')`,
    `insert into import_chunks (import_id, seq, content) select '${id(201)}', n, 'x' from generate_series(0, 30) n`,
    `insert into import_chunks (import_id, seq, content) values ('${id(202)}', 0, 'x')`,
  )
}

test('artifacts go by their upload', async () => {
  await fill()
  expect(await prune(ctx, 'files')).toMatchObject({ deleted: { artifacts: 1, results: 0 } })
  expect(await left('artifacts')).toEqual([101, 102, 103, 104, 106])
})

test('old results go with their artifacts, whatever their age (D31)', async () => {
  await fill()
  expect(await prune(ctx, 'results')).toMatchObject({ deleted: { results: 5, artifacts: 2 } })
  expect(await left('results')).toEqual([22, 52])
  expect(await left('artifacts')).toEqual([102, 103, 105, 106])
})

test('a run goes when it and all its results are old, with everything that it has', async () => {
  await fill()
  expect(await prune(ctx, 'runs')).toMatchObject({ deleted: { runs: 2, results: 2, artifacts: 3 } })
  expect(await left('runs')).toEqual([2, 3])
  expect(await left('results')).toEqual([21, 22, 31, 51, 52])
  expect(await left('artifacts')).toEqual([104, 105, 106])
})

test('imports go with their files', async () => {
  await fill()
  expect(await prune(ctx, 'imports')).toMatchObject({ deleted: { imports: 1 } })
  expect(await left('imports')).toEqual([202])
  expect(await sql('select count(*)::int as n from import_chunks')).toEqual([{ n: 1 }])
  expect(await sql('select count(*)::int as n from import_files')).toEqual([{ n: 0 }])
})

test.each(pruneKinds)('a dry run of %s says exactly what goes, and deletes nothing', async (kind) => {
  await fill()
  const before = await Promise.all(['artifacts', 'results', 'runs', 'imports'].map(left))
  const promised = await prune(ctx, kind, { dryRun: true })
  expect(await Promise.all(['artifacts', 'results', 'runs', 'imports'].map(left))).toEqual(before)
  expect(await prune(ctx, kind)).toEqual(promised)
  const gone =
    before.flat().length - (await Promise.all(['artifacts', 'results', 'runs', 'imports'].map(left))).flat().length
  const deleted: Record<string, number> = 'deleted' in promised ? { ...promised.deleted } : {}
  expect(Object.values(deleted).reduce((sum, count) => sum + count, 0)).toBe(gone)
  expect(gone).toBeGreaterThan(0)
})

test.each([
  ['files', 1],
  ['results', 3],
  ['runs', 9],
  ['imports', 0],
] as const)('%s: an age of %i is taken for a mistake', async (kind, age) => {
  await fill()
  expect(await prune(ctx, kind, { age })).toEqual({
    skipped: expect.stringContaining(`(${age}) must be >= ${age + 1}`),
  })
  expect(await prune(ctx, kind, { age: age + 1, dryRun: true })).toHaveProperty('deleted')
})

test('many rows go in batches, and a row that comes meanwhile stops nothing', async () => {
  await addRun(1, 400)
  await sql(
    `insert into results (id, run_id, start_time) select gen_random_uuid(), '${id(1)}', ${ago(400)} from generate_series(1, 5000)`,
    `insert into artifacts (id, result_id, upload_date) select gen_random_uuid(), id, now() from results`,
  )
  expect(await prune(ctx, 'runs')).toMatchObject({ deleted: { runs: 1, results: 5000, artifacts: 5000 } })
})

test('batches grow while they are quick and shrink when one was slow', async () => {
  // A clock of the test's own: on a busy machine any batch may be slow.
  let now = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
  const sizes: number[] = []
  try {
    await deleteInBatches(ctx.db, createBatchSize(8), new AbortController().signal, async (_tx, rows) => {
      sizes.push(rows)
      now += sizes.length === 4 ? 120 : 2
      return sizes.length < 6 ? rows : 0
    })
  } finally {
    clock.mockRestore()
  }
  expect(sizes).toEqual([8, 16, 32, 64, 6, 12])
})

test('a batch that takes too long is taken back and tried with fewer rows; one row may take long', async () => {
  const done: number[] = []
  let left = 10
  await deleteInBatches(ctx.db, createBatchSize(8), new AbortController().signal, async (tx, rows) => {
    const count = Math.min(rows, left)
    // The ninth row alone is over the limit.
    await tx.query({ text: `select pg_sleep(${left - count < 2 && left > 1 ? 0.15 : 0.03 * count})` })
    left -= count
    done.push(count)
    return count
  })
  expect(left).toBe(0)
  expect(done.reduce((sum, count) => sum + count, 0)).toBe(10)
  expect(Math.max(...done)).toBeLessThan(3)
})
