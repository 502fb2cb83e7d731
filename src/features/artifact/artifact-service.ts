import { raw } from 'sql-template-tag'
import type { components } from '../../../generated/types.ts'
import { type Caller, hasAccess, type ProjectScope } from '../../access/caller.ts'
import type { AppContext } from '../../context.ts'
import { ApiError, fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { newId } from '../../ids/uuid.ts'
import { isRecord } from '../../json/json-record.ts'
import { parseJsonText } from '../../json/parse-json.ts'
import { EMPTY_OBJECT, type RawJson } from '../../json/raw-json.ts'
import { stringifyJson } from '../../json/raw-number.ts'
import { type ListedRows, listRows } from '../../pages/list-rows.ts'
import type { Page } from '../../pages/page.ts'
import { nowUtc } from '../../time/parse-time.ts'
import { findResultProject } from '../result/result-sql.ts'
import { findRunProject } from '../run/run-sql.ts'
import type { ArtifactOwner } from './artifact-access.ts'
import {
  type ArtifactRow,
  artifactColumns,
  artifactsOf,
  artifactsWithin,
  findArtifact,
  insertArtifact,
} from './artifact-sql.ts'

type ArtifactUpload = components['schemas']['ArtifactUpload']

/**
 * Stores a file (imports.md 4.1, checks 6 to 9). The usual upload is one statement, which also checks its result or run;
 * only what it refuses is looked at again, for the error.
 *
 * @throws ApiError `owner_not_found`, `forbidden`, `file_too_large`, `file_empty`, `metadata_no_json`,
 *   `metadata_no_object`.
 */
export async function createArtifact(
  ctx: AppContext,
  caller: Caller,
  body: ArtifactUpload,
  { scope, ...owner }: ArtifactOwner & { readonly scope: ProjectScope },
): Promise<ArtifactRow> {
  let row: ArtifactRow
  try {
    row = readUpload(ctx, body, owner)
  } catch (error) {
    // Whether there is such a result or run comes first.
    await requireOwner(ctx, caller, owner)
    throw error
  }
  try {
    if (await insertArtifact(ctx.db, row, body.file.bytes, scope)) return row
    await requireOwner(ctx, caller, owner)
    if (await findArtifact(ctx.db, row.id)) return row
  } catch (error) {
    if (!isForeignKeyError(error)) throw error
  }
  // It came or went while we looked.
  throw ownerNotFound(owner)
}

function readUpload(ctx: AppContext, body: ArtifactUpload, { resultId, runId }: ArtifactOwner): ArtifactRow {
  const { file, filename } = body
  if (file.truncated) throw fail('file_too_large')
  if (file.size === 0) throw fail('file_empty')
  const uploaded = nowUtc(() => ctx.clock.now())
  return { id: newId(), result_id: resultId, run_id: runId, filename, data: sentMetadata(body), upload_date: uploaded }
}

async function requireOwner(ctx: AppContext, caller: Caller, owner: ArtifactOwner): Promise<void> {
  const { resultId, runId } = owner
  const found = resultId ? await findResultProject(ctx.db, resultId) : await findRunProject(ctx.db, runId ?? '')
  if (!found) throw ownerNotFound(owner)
  if (!hasAccess(caller, found.project_id)) throw fail('forbidden')
}

const ownerNotFound = ({ resultId, sent }: ArtifactOwner) =>
  fail('owner_not_found', { what: resultId ? 'Result' : 'Run', id: sent })

/** Notes about the file; the older name holds text that nothing has read yet. */
function sentMetadata(body: ArtifactUpload): RawJson {
  if (body.additionalMetadata !== undefined) return stringifyJson(body.additionalMetadata)
  if (!body.additional_metadata) return EMPTY_OBJECT
  const metadata = readJson(body.additional_metadata)
  if (!isRecord(metadata)) throw fail('metadata_no_object')
  return stringifyJson(metadata)
}

function readJson(text: string): unknown {
  try {
    return parseJsonText(text)
  } catch (error) {
    throw error instanceof ApiError ? fail('metadata_no_json') : error
  }
}

function isForeignKeyError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23503'
}

/** What a list of artifacts is asked for; `result_id` goes before `resultId` (imports.md 4.2). */
export interface ArtifactListQuery {
  readonly resultId?: string
  readonly result_id?: string
  readonly runId?: string
}

/**
 * A page of the artifacts of a result, of a run, or of the caller's projects (D3), oldest first. Of a result or run that
 * there is not: none.
 *
 * @throws ApiError `invalid_uuid`; `forbidden` for a result or run of somebody else.
 */
export async function listArtifacts(
  ctx: AppContext,
  caller: Caller,
  input: { scope: ProjectScope; query: ArtifactListQuery; page: Page },
): Promise<ListedRows<ArtifactRow>> {
  const { scope, query, page } = input
  const resultId = sentId('resultId', query.result_id || query.resultId)
  const runId = sentId('runId', query.runId)
  const [result, run] = await Promise.all([
    resultId ? findResultProject(ctx.db, resultId) : null,
    runId ? findRunProject(ctx.db, runId) : null,
  ])
  if ((result && !hasAccess(caller, result.project_id)) || (run && !hasAccess(caller, run.project_id))) {
    throw fail('forbidden')
  }
  if (result === undefined || run === undefined) return { rows: [], totalItems: 0 }
  const source = resultId || runId ? artifactsOf({ resultId, runId }) : artifactsWithin(scope)
  return listRows<ArtifactRow>(ctx.db, {
    ...source,
    columns: artifactColumns,
    orderBy: raw('artifacts.upload_date, artifacts.id'),
    page,
  })
}

/** An id in a query parameter; an empty one is one that was not sent. */
function sentId(field: string, value: string | undefined): string | null {
  return value ? requiredUuid(field, value) : null
}
