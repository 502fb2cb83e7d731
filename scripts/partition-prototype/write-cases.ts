import { randomUUID } from 'node:crypto'
import { withCopyTransaction } from '../../src/db/copy-transaction.ts'
import type { Queryable } from '../../src/db/queryable.ts'
import { insertArtifact } from '../../src/features/artifact/artifact-sql.ts'
import {
  insertResult,
  insertResults,
  lockResult,
  type ResultRow,
  updateResult,
} from '../../src/features/result/result-sql.ts'
import type { ImportJob } from '../../src/importers/import-job.ts'
import { mergeResults } from '../../src/importers/merge-rows.ts'
import { Staging } from '../../src/importers/staging.ts'
import { deleteArtifactsOf, deleteResults } from '../../src/jobs/prune/prune-sql.ts'
import { EMPTY_OBJECT } from '../../src/json/raw-json.ts'
import { deleteMany, insertMany, insertOne, lockOne, mergeMany, updateOne } from './changed-writes.ts'
import type { Case } from './compare.ts'
import type { Samples } from './samples.ts'

const IMPORTED = 5_000
const JOINED = 100
const DELETED = 500

/** What the server writes. */
export function writeCases(s: Samples): Case[] {
  /** Of the newest hundredth, where results are changed and read. */
  const recent = (n: number) => s.spread(n, Math.max(1, Math.floor(s.runs / 100)))
  const rows = (n: number) => Array.from({ length: JOINED }, () => s.newResult(recent(n)))
  const stored = (n: number) => s.result(recent(n))
  const inTransaction =
    (work: (tx: Queryable, n: number) => Promise<unknown>): Case['server'] =>
    ({ db }, n) =>
      db.transaction((tx) => work(tx, n))
  const update = (row: ResultRow, n: number): ResultRow => ({ ...row, duration: n + 0.5 })
  const moved = (row: ResultRow): ResultRow => ({ ...row, start_time: monthBefore(row.start_time) })
  const changeOf = (change: (row: ResultRow, n: number) => ResultRow): Pick<Case, 'server' | 'changed'> => ({
    server: inTransaction(async (tx, n) => {
      const row = found(await lockResult(tx, stored(n)))
      await updateResult(tx, change(row, n), row.run_id)
    }),
    changed: inTransaction(async (tx, n) => {
      const row = found(await lockOne(tx, stored(n)))
      await updateOne(tx, change(row, n), row)
    }),
  })
  return [
    {
      name: 'insert of a result',
      server: ({ db }, n) => mustStore(insertResult(db, s.newResult(recent(n)))),
      changed: ({ db }, n) => mustStore(insertOne(db, s.newResult(recent(n)))),
    },
    {
      name: 'the same result again',
      server: ({ db }, n) => again(db, stored(n), insertResult),
      changed: ({ db }, n) => again(db, stored(n), insertOne),
    },
    {
      name: `${JOINED} joined inserts`,
      server: ({ db }, n) => insertResults(db, rows(n)),
      changed: ({ db }, n) => insertMany(db, rows(n)),
      most: 60,
    },
    { name: 'update of a result', opaque: true, ...changeOf(update) },
    { name: 'update that moves it a month back', opaque: true, breaks: 'loses the id', ...changeOf(moved) },
    {
      name: 'insert of an artifact, 1 kB',
      server: ({ db }, n) =>
        insertArtifact(
          db,
          {
            id: randomUUID(),
            result_id: stored(n),
            run_id: null,
            filename: 'new.log',
            data: EMPTY_OBJECT,
            upload_date: now(),
          },
          Buffer.alloc(1000, 'line\n'),
          { all: true },
        ),
    },
    { name: `import of ${IMPORTED} results`, opaque: true, most: 5, ...importOf(s, () => randomUUID()) },
    {
      name: `the same ${IMPORTED} again, all updated`,
      opaque: true,
      most: 4,
      ...importOf(s, (n) => `00000000-0000-4000-c000-${String(n).padStart(12, '0')}`),
    },
    {
      name: `delete of ${DELETED} old results with their artifacts`,
      opaque: true,
      most: 20,
      server: deleteOld(s, deleteResults),
      changed: deleteOld(s, deleteMany),
    },
  ]
}

const now = () => new Date().toISOString().slice(0, -1)

async function mustStore(stored: Promise<boolean>): Promise<void> {
  if (!(await stored)) throw new Error('the result was not stored')
}

function found(row: ResultRow | undefined): ResultRow {
  if (!row) throw new Error('the result is not there')
  return row
}

function monthBefore(moment: string): string {
  const at = new Date(`${moment.replace(' ', 'T')}Z`)
  return new Date(at.getTime() - 30 * 86_400_000).toISOString().slice(0, -1)
}

/** Sends a stored result again: it must not be stored twice. */
async function again(
  db: Queryable,
  id: string,
  insert: (db: Queryable, row: ResultRow) => Promise<boolean>,
): Promise<void> {
  if (await insert(db, { ...emptyRow, id, start_time: now() })) throw new Error(`${id} was stored twice`)
}

const emptyRow: Omit<ResultRow, 'id' | 'start_time'> = {
  project_id: null,
  run_id: null,
  test_id: null,
  result: null,
  data: EMPTY_OBJECT,
  params: null,
  duration: null,
  source: null,
  env: null,
  component: null,
}

/** Staging and merge as an import does them, without the parsing of a file. */
function importOf(s: Samples, idOf: (n: number) => string): Pick<Case, 'server' | 'changed'> {
  const target = { runId: s.run(0), projectId: s.project(0) }
  const work =
    (merge: (tx: Queryable, staging: Staging) => Promise<void>): Case['server'] =>
    ({ db }) =>
      withCopyTransaction(db, async (tx) => {
        const staging = await Staging.open(tx, 1_000_000_000)
        for (let n = 0; n < IMPORTED; n++) await staging.addResult(toStaged(s.newResult(0), idOf(n)))
        await staging.flush()
        await merge(tx, staging)
      })
  const job = {
    created: now(),
    sender: { isSuperadmin: true, projects: new Map() },
    signal: new AbortController().signal,
  }
  return {
    server: work((tx, staging) =>
      mergeResults(tx, staging, job as unknown as ImportJob, { ...target, projectFrom: 'run', forget: [] }),
    ),
    changed: work((tx, staging) => mergeMany(tx, staging, { ...target, created: job.created })),
  }
}

function toStaged(row: ResultRow, id: string) {
  const { test_id, result, data, params, duration, start_time, source, env, component, project_id } = row
  return {
    ...{ id, folder: null, testId: test_id, result, data: data ?? '{}', params, duration },
    ...{ startTime: start_time, source, env, component, projectId: project_id },
  }
}

class Undo extends Error {}

/** Deletes the results of the oldest runs, as a prune does, and takes it back. */
function deleteOld(s: Samples, remove: (db: Queryable, ids: readonly string[]) => Promise<number>): Case['server'] {
  const perRun = Math.floor(s.rows / s.runs)
  const ids = Array.from({ length: DELETED }, (_, n) => {
    const run = s.runs - 1 - Math.floor(n / perRun)
    return s.result((n % perRun) * s.runs + run)
  })
  return ({ db }) =>
    db
      .transaction(async (tx) => {
        await deleteArtifactsOf(tx, 'result_id', ids, DELETED)
        const gone = await remove(tx, ids)
        if (gone !== DELETED) throw new Error(`${gone} of ${DELETED} were deleted`)
        throw new Undo()
      })
      .catch((error) => {
        if (!(error instanceof Undo)) throw error
      })
}

/** Takes the new results away again. The session says nothing of marks, so the triggers keep what stands beside results. */
export const cleanUp = [
  `delete from artifacts where filename = 'new.log'`,
  `delete from results where test_id like 'tests/test\\_new.py%'`,
  'truncate run_changes, rollup_changes',
  'vacuum analyze',
]
