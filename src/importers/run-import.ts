import type { AppContext } from '../context.ts'
import type { Queryable } from '../db/queryable.ts'
import { deleteAbandonedChunks, deleteChunks, storedSize } from '../features/import/import-chunks.ts'
import { formatOf } from '../features/import/import-format.ts'
import { findImport, type PlacedImportRow } from '../features/import/import-sql.ts'
import { parseUuid } from '../ids/uuid.ts'
import { isRecord } from '../json/json-record.ts'
import { parseStoredJson } from '../json/parse-json.ts'
import { importArchive } from './archive/archive-import.ts'
import { findSender, type ImportJob } from './import-job.ts'
import { ImportRefused, refusalOf } from './import-refused.ts'
import { markFailed, markRunning, noteProgress } from './import-sql.ts'
import { importJunit } from './junit/junit-import.ts'

export { ImportRefused } from './import-refused.ts'

/** What the job that reads an import may say and must listen to. */
export interface ImportControl {
  readonly signal: AbortSignal
  progress(done: number, of: number | null): Promise<void>
}

/** How often the import itself says how far it is. */
const PROGRESS_EVERY_MS = 1_000
/** Pieces of broken uploads that each import clears away; the daily prune takes the rest. */
const ABANDONED_AT_ONCE = 16

/**
 * Reads the stored file of an import into runs, results and artifacts (imports.md). It may be cut off anywhere and run again:
 * everything comes to be in one transaction, which also ends the import, and its ids are the same in every try.
 *
 * States of an import: *pending* (stored, nobody has begun) → *running* → *done* (in the transaction that stores its
 * results) or *error* (with `metadata.error`: the file can't be read, or may not go where it says). From either its file is
 * deleted. A fault that is not the file's leaves it running for the next try; when there is no next one, `failImport`.
 *
 * @throws ImportRefused when it ended as an error; anything else is worth another try.
 */
export async function runImport(ctx: AppContext, importId: string, control: ImportControl): Promise<void> {
  const row = await findImport(ctx.db, importId)
  if (!row) return
  if (row.status === 'done' || row.status === 'error') return deleteChunks(ctx.db, importId)
  await markRunning(ctx.db, importId)
  try {
    await readImport(ctx, row, control)
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    await failImport(ctx.db, importId, refusal.message)
    await deleteChunks(ctx.db, importId)
    throw refusal
  }
  await deleteChunks(ctx.db, importId)
  await deleteAbandonedChunks(ctx.db, ABANDONED_AT_ONCE)
}

/** Ends an import that can't be read, or whose job is given up. Its file goes later, or with a prune. */
export async function failImport(db: Queryable, importId: string, reason: string): Promise<void> {
  await markFailed(db, importId, reason)
}

async function readImport(ctx: AppContext, row: PlacedImportRow, control: ImportControl): Promise<void> {
  const format = formatOf(row.filename ?? '')
  if (!format) throw new ImportRefused('The name of the file ends neither in .xml nor in .tar.gz.')
  const size = await storedSize(ctx.db, row.id)
  if (size === null) throw new ImportRefused('The file is empty, or not stored any more.')
  const job = await createJob(ctx, row, control)
  await (format === 'junit' ? importJunit(ctx, job) : importArchive(ctx, job, size))
}

async function createJob(ctx: AppContext, row: PlacedImportRow, control: ImportControl): Promise<ImportJob> {
  const stored = parseStoredJson(row.data ?? '{}')
  const data = isRecord(stored) ? stored : {}
  const projectId = parseUuid(data.project_id)
  let next = 0
  return {
    id: row.id,
    filename: row.filename ?? '',
    created: row.created,
    projectId,
    source: typeof data.source === 'string' && data.source !== '' ? data.source : null,
    metadata: isRecord(data.metadata) ? data.metadata : {},
    sender: await findSender(ctx, row.owner_id, projectId),
    signal: control.signal,
    progress(done, of) {
      const now = performance.now()
      if (now < next) return undefined
      next = now + PROGRESS_EVERY_MS
      return Promise.all([control.progress(done, of), noteProgress(ctx.db, row.id, done, of)]).then(() => undefined)
    },
  }
}
