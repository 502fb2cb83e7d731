/** The statements of the prototype must do what the server's own do: its figures mean nothing otherwise. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  findPlacedArtifact,
  findResultById,
  listNewest,
  listOfRun,
  withinMonths,
} from '../../scripts/partition-prototype/changed-reads.ts'
import {
  deleteMany,
  insertMany,
  insertOne,
  lockOne,
  mergeMany,
  updateOne,
} from '../../scripts/partition-prototype/changed-writes.ts'
import { partitionResults } from '../../scripts/partition-prototype/partition-schema.ts'
import { createSamples } from '../../scripts/partition-prototype/samples.ts'
import { withCopyTransaction } from '../../src/db/copy-transaction.ts'
import { createDatabase, type Database } from '../../src/db/database.ts'
import { insertArtifact } from '../../src/features/artifact/artifact-sql.ts'
import { resultListQuery } from '../../src/features/result/result-list.ts'
import { insertResults, type ResultRow } from '../../src/features/result/result-sql.ts'
import { Staging } from '../../src/importers/staging.ts'
import { recountRuns } from '../../src/jobs/recount-sql.ts'
import { EMPTY_OBJECT, rawJson } from '../../src/json/raw-json.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../helpers/database.ts'

const samples = createSamples(10, 2)
const [run, project] = [samples.run(0), samples.project(0)]
const row = (change: Partial<ResultRow> = {}): ResultRow => ({ ...samples.newResult(0), ...change })
const before = [row({ start_time: '2026-01-15T12:00:00' }), row({ start_time: '2026-02-15T12:00:00' })] as const

let database: TestDatabase
let db: Database
const ask = <R extends object = { n: number }>(text: string) => runSql<R>(database.url, text)
const partitionOf = async (id: string) =>
  (await ask<{ name: string }>(`select tableoid::regclass::text as name from results where id = '${id}'`)).map(
    ({ name }) => name,
  )
const knownMoment = async (id: string) =>
  (await ask<{ at: string }>(`select start_time::text as at from result_ids where id = '${id}'`)).map(({ at }) => at)

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.url, log: pino({ level: 'silent' }), applicationName: 'test' })
  await runSql(
    database.url,
    `insert into projects (id, name, title) values ('${project}', 'p', 'P')`,
    `insert into runs (id, project_id, start_time, created) values ('${run}', '${project}', now(), now())`,
  )
  await insertResults(db, before)
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await partitionResults(client, () => undefined).finally(() => client.end())
})

afterAll(async () => {
  await db.close()
  await database.drop()
})

describe('results in partitions', () => {
  it('keeps the rows and the indexes', async () => {
    expect(await partitionOf(before[0].id)).toEqual(['results_2026_01'])
    expect(await findResultById(db, before[1].id)).toMatchObject({ id: before[1].id, test_id: before[1].test_id })
    const [plain] = await ask(`select count(*)::int as n from pg_indexes where tablename = 'results'`)
    expect(plain?.n).toBe(12)
  })

  it('stores a result once, whatever month it names', async () => {
    const one = row()
    expect(await insertOne(db, one)).toBe(true)
    expect(await insertOne(db, one)).toBe(false)
    expect(await insertOne(db, { ...one, start_time: '2026-01-01T00:00:00' })).toBe(false)
    expect(await insertOne(db, row({ project_id: randomUUID() }))).toBe(false)
    expect(await ask(`select count(*)::int as n from results where id = '${one.id}'`)).toEqual([{ n: 1 }])
  })

  it('stores one of two that come at once under the same id in different months', async () => {
    const id = randomUUID()
    const stored = await Promise.all(
      Array.from({ length: 8 }, (_, n) => insertOne(db, row({ id, start_time: `2026-0${1 + (n % 4)}-01T00:00:00` }))),
    )
    expect(stored.filter(Boolean)).toHaveLength(1)
    expect(await partitionOf(id)).toHaveLength(1)
  })

  it('stores those of many that are new, and marks their run', async () => {
    await ask('truncate run_changes')
    const [known, unknown] = [before[0], row()]
    expect(await insertMany(db, [known, unknown])).toEqual(new Set([unknown.id]))
    expect(await ask(`select count(*)::int as n from run_changes where run_id = '${run}'`)).toEqual([{ n: 1 }])
  })

  it('moves a result whose start time changes', async () => {
    const one = row()
    await insertOne(db, one)
    await db.transaction(async (tx) => {
      const stored = await lockOne(tx, one.id)
      if (!stored) throw new Error('the result is not there')
      await updateOne(tx, { ...stored, start_time: '2026-02-02T00:00:00', duration: 7 }, stored)
    })
    expect(await partitionOf(one.id)).toEqual(['results_2026_02'])
    expect(await findResultById(db, one.id)).toMatchObject({ duration: 7 })
  })

  it('merges an import: new ones come, known ones change, also to another month', async () => {
    const fresh = row()
    await withCopyTransaction(db, async (tx) => {
      const staging = await Staging.open(tx, 1_000_000)
      for (const { id, time } of [
        { id: fresh.id, time: '2026-03-03T00:00:00' },
        { id: before[1].id, time: '2026-04-04T00:00:00' },
      ]) {
        const sent = { ...row(), id, folder: null, testId: 'imported', startTime: time, projectId: null }
        await staging.addResult({ ...sent, data: rawJson('{"a":1}') })
      }
      await staging.flush()
      await mergeMany(tx, staging, { runId: run, projectId: project, created: '2026-05-05T00:00:00' })
    })
    expect(await partitionOf(fresh.id)).toEqual(['results_2026_03'])
    expect(await partitionOf(before[1].id)).toEqual(['results_2026_04'])
    expect(await findResultById(db, before[1].id)).toMatchObject({
      test_id: 'imported',
      start_time: '2026-04-04 00:00:00',
    })
  })

  it('lists and recounts as the whole table does', async () => {
    const list = resultListQuery({ all: false, ids: [project] }, { filter: [`run_id=${run}`], pageSize: 500 })
    const [all] = await ask(`select count(*)::int as n from results where run_id = '${run}'`)
    expect(all?.n).toBeGreaterThan(5)
    expect(await listOfRun(db, run, list)).toHaveLength(all?.n ?? 0)
    expect(await listNewest(db, list)).toHaveLength(all?.n ?? 0)
    await recountRuns(withinMonths(db), [run])
    expect(await ask(`select (summary ->> 'tests')::int as n from runs where id = '${run}'`)).toEqual([{ n: all?.n }])
  })

  it('deletes by id, with what stands beside', async () => {
    const some = [row(), row({ start_time: '2026-01-02T00:00:00' })]
    await insertMany(db, some)
    expect(
      await deleteMany(
        db,
        some.map(({ id }) => id),
      ),
    ).toBe(2)
    expect(await knownMoment(some[0]?.id ?? '')).toEqual([])
  })

  it('has artifacts refer to ids', async () => {
    const artifact = { id: randomUUID(), run_id: null, filename: 'a', data: EMPTY_OBJECT, upload_date: '2026-01-01' }
    expect(await insertArtifact(db, { ...artifact, result_id: before[0].id }, Buffer.from('a'), { all: true })).toBe(
      true,
    )
    expect(await findPlacedArtifact(db, artifact.id)).toMatchObject({ project_id: project })
    const lost = { ...artifact, id: randomUUID(), result_id: randomUUID() }
    expect(await insertArtifact(db, lost, Buffer.from('a'), { all: true })).toBe(false)
    await expect(
      ask(`insert into artifacts (id, result_id, upload_date) values ('${lost.id}', '${lost.result_id}', now())`),
    ).rejects.toMatchObject({ code: '23503' })
    const deleted = ask(`delete from results where id = '${before[0].id}'`)
    await expect(deleted).rejects.toMatchObject({ code: '23503' })
  })
})

describe('other writers', () => {
  const id = randomUUID()
  const insert = (time: string) =>
    ask(`insert into results (id, project_id, run_id, start_time) values ('${id}', '${project}', '${run}', '${time}')`)

  it('are followed in what they insert, move and delete', async () => {
    await insert('2026-01-01')
    expect(await knownMoment(id)).toEqual(['2026-01-01 00:00:00'])
    await ask(`update results set start_time = '2099-01-01' where id = '${id}'`)
    expect(await partitionOf(id)).toEqual(['results_later'])
    expect(await knownMoment(id)).toEqual(['2099-01-01 00:00:00'])
    await expect(insert('2026-02-02')).rejects.toMatchObject({ code: '23505' })
    await ask(`delete from results where id = '${id}'`)
    expect(await knownMoment(id)).toEqual([])
  })
})
