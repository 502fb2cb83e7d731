import type { AppContext } from '../../context.ts'
import { type CopyTransaction, withCopyTransaction } from '../../db/copy-transaction.ts'
import { readChunks } from '../../features/import/import-chunks.ts'
import { findRun, lockRun } from '../../features/run/run-sql.ts'
import { parseUuid } from '../../ids/uuid.ts'
import { columnText } from '../../json/column-text.ts'
import { getMember, type JsonRecord } from '../../json/json-record.ts'
import { deriveId } from '../derive-id.ts'
import { DirectRows } from '../direct-rows.ts'
import { checkRunAccess, type ImportJob, namedProject } from '../import-job.ts'
import { ImportRefused } from '../import-refused.ts'
import { markDone } from '../import-sql.ts'
import type { ImportedRows } from '../imported-rows.ts'
import { countResults, deleteFormerArtifacts, mergeArtifacts, mergeResults } from '../merge-rows.ts'
import { claimRun, insertImportedRun, updateImportedRun } from '../run-rows.ts'
import { Staging } from '../staging.ts'
import { decodeXml } from './decode-xml.ts'
import type { JunitCase, JunitSuite } from './junit-document.ts'
import { readCount } from './junit-numbers.ts'
import { JunitParser } from './junit-parser.ts'
import { createPlaces, filesOf, type JunitRunFacts, toStagedResult } from './junit-result.ts'
import { countsOfAttributes, durationOf, readTimestamp, runIdOf, summaryOf, toRunRow } from './junit-run.ts'

/**
 * Reads a JUnit file (imports.md 2) into one run: the one that its name holds, else a new one whose id follows from the
 * import's, so that a second try makes no second run. Nothing is seen of it before everything is there.
 */
export async function importJunit(ctx: AppContext, job: ImportJob): Promise<void> {
  const named = runIdOf(job.filename)
  const runId = named ?? deriveId(job.id, 'run')
  const known = await findRun(ctx.db, runId)
  if (known) await checkRunAccess(ctx, job, known)
  await withCopyTransaction(ctx.db, async (tx) => {
    if (named || known || !job.projectId) await mergeIntoRun(ctx, tx, job, runId)
    else await loadNewRun(ctx, tx, job, { runId, projectId: job.projectId })
    await markDone(tx, job.id, runId)
  })
}

/** For a run that others may know and write to: whatever is there already is updated, and they wait as briefly as may be. */
async function mergeIntoRun(ctx: AppContext, tx: CopyTransaction, job: ImportJob, runId: string): Promise<void> {
  const staging = await Staging.open(tx, ctx.config.importMaxExpandedBytes)
  const read = await readFile(ctx, job, runId, staging)
  const stored = await claimRun(tx, runId)
  if (stored) await checkRunAccess(ctx, job, stored)
  const row = toRunRow(runId, read.news, stored, job.created)
  if (!stored) await insertImportedRun(tx, row)
  const target = { runId, projectId: row.project_id, projectFrom: 'result', forget: FORGET } as const
  await mergeResults(tx, staging, job, target)
  if (stored) await deleteFormerArtifacts(tx)
  await mergeArtifacts(tx, staging, job, runId)
  const locked = await lockRun(tx, runId)
  const counts = await countResults(tx, runId)
  const alone = counts.tests === staging.resultCount
  await updateImportedRun(tx, {
    ...toRunRow(runId, read.news, stored && locked, job.created),
    summary: summaryOf(counts.tests > 0 ? counts : countsOfAttributes(read.root), stored && locked),
    // The file's own stays only while all results are its (D29).
    duration: alone ? row.duration : counts.duration,
  })
}

/** For a run whose id nobody knows yet: no row of it can be there, so they go straight where they belong. */
async function loadNewRun(
  ctx: AppContext,
  tx: CopyTransaction,
  job: ImportJob,
  { runId, projectId }: { runId: string; projectId: string },
): Promise<void> {
  const { metadata, source, created } = job
  const atFirst = { metadata, projectId, source, startTime: null, duration: 0 }
  await insertImportedRun(tx, toRunRow(runId, atFirst, undefined, created))
  const rows = new DirectRows(tx, ctx.config.importMaxExpandedBytes, { runId, projectId, uploaded: created })
  const read = await readFile(ctx, job, runId, rows)
  const counts = await countResults(tx, runId)
  await updateImportedRun(tx, {
    ...toRunRow(runId, read.news, undefined, created),
    summary: summaryOf(counts.tests > 0 ? counts : countsOfAttributes(read.root), undefined),
  })
}

/** What an outcome leaves in the metadata, and the next one may not have. */
const FORGET = ['skip_reason', 'reruns', 'flaky']

async function readFile(ctx: AppContext, job: ImportJob, runId: string, rows: ImportedRows) {
  const { config } = ctx
  const parser = new JunitParser({ depth: config.importMaxDepth, textLength: config.importMaxTextBytes })
  const add = createAdder(ctx, job, runId, rows, parser)
  for await (const slice of decodeXml(readChunks(ctx.db, job.id))) {
    job.signal.throwIfAborted()
    parser.write(slice)
    await add()
    const expected = parser.root ? readCount(parser.root.attributes.tests) : 0
    await job.progress(rows.resultCount, expected >= rows.resultCount && expected > 0 ? expected : null)
    // The heartbeats, and whatever else this process does, get their turn.
    await new Promise(setImmediate)
  }
  parser.close()
  await add()
  await rows.flush()
  const root = parser.root as JunitSuite
  const isSuite = parser.rootName === 'testsuite'
  const metadata = { ...root.properties, ...job.metadata }
  const source = job.source ?? columnText('metadata.source', getMember(metadata, 'source'))
  const projectId = job.projectId ?? (await namedProject(ctx, job, getMember(metadata, 'project')))
  const startTime = readTimestamp(root.attributes.timestamp)
  const duration = durationOf(root, isSuite, parser.caseSeconds)
  return { root, news: { metadata, projectId, source, startTime, duration } }
}

/** Hands the parser's finished cases on. */
function createAdder(ctx: AppContext, job: ImportJob, runId: string, rows: ImportedRows, parser: JunitParser) {
  const placeOf = createPlaces(runId)
  const projects = new Map<unknown, string | null>()
  let facts: JunitRunFacts | undefined

  const projectOf = async ({ inherited, properties }: JunitCase): Promise<string | null> => {
    const sent = properties?.project_id ?? inherited.project_id ?? facts?.metadata.project_id
    const id = parseUuid(sent)
    if (!id) return null
    if (!projects.has(id)) projects.set(id, await namedProject(ctx, job, id))
    return projects.get(id) ?? null
  }

  return async () => {
    const { cases, root } = parser
    const [first] = cases
    if (!first || !root) return
    parser.cases = []
    if (parser.caseCount > ctx.config.importMaxEntries) {
      throw new ImportRefused(`The file has more test cases than the limit of ${ctx.config.importMaxEntries}.`)
    }
    facts ??= factsOf(job, runId, root, first.rootProperties)
    for (const testCase of cases) {
      const id = placeOf(testCase)
      await rows.addResult(toStagedResult(testCase, facts, { id, projectId: await projectOf(testCase) }))
      for (const [path, text] of filesOf(testCase)) {
        const artifact = { id: deriveId(id, path), owner: id, folder: null, path, entry: null, link: null }
        await rows.addArtifact(artifact, text)
      }
    }
  }
}

/** Known with the first test case: the root's properties count that stand before it. */
function factsOf(job: ImportJob, runId: string, root: JunitSuite, properties: JsonRecord): JunitRunFacts {
  const metadata = { ...properties, ...job.metadata }
  return {
    runId,
    startTime: readTimestamp(root.attributes.timestamp) ?? job.created,
    env: columnText('metadata.env', getMember(metadata, 'env')),
    component: columnText('metadata.component', getMember(metadata, 'component')),
    source: job.source,
    metadata,
  }
}
