import sql, { raw } from 'sql-template-tag'
import type { components } from '../../../generated/types.ts'
import type { Caller, ProjectScope } from '../../access/caller.ts'
import { hasAccess } from '../../access/caller.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { type Filter, parseFilters } from '../../filters/grammar.ts'
import { compileScope } from '../../filters/scope.ts'
import { tables } from '../../filters/tables.ts'
import { newId, parseUuid } from '../../ids/uuid.ts'
import { columnText } from '../../json/column-text.ts'
import { fillMetadata, mergeMetadata } from '../../json/merge-metadata.ts'
import { parseStoredJson } from '../../json/parse-json.ts'
import { printMerged } from '../../json/print-merged.ts'
import { EMPTY_OBJECT, objectOr } from '../../json/raw-json.ts'
import { stringifyJson } from '../../json/raw-number.ts'
import { withFilterErrors } from '../../pages/list-rows.ts'
import { nowUtc } from '../../time/parse-time.ts'
import { requiredTime } from '../../time/required-time.ts'
import { findProjectId } from '../project/find-project.ts'
import { sentMetadata } from './run-access.ts'
import {
  findRun,
  insertRun,
  isSameRun,
  lockNewestRuns,
  lockRun,
  type RunRow,
  updateRun,
  updateRunData,
} from './run-sql.ts'

type RunInput = components['schemas']['RunInput']

/** Most runs that one bulk update may touch. */
const MAX_BULK = 25

/**
 * Stores a run (data-model.md 5.2). The same run sent again is answered with the stored one (D11).
 *
 * @throws ApiError `id_taken` when another run has its id.
 */
export async function createRun(ctx: AppContext, body: RunInput, projectId: string): Promise<RunRow> {
  const metadata = sentMetadata(body)
  const now = nowUtc(() => ctx.clock.now())
  const row: RunRow = {
    id: sentId(body.id) ?? newId(),
    project_id: projectId,
    data: stringifyJson(metadata),
    env: columnText('metadata.env', metadata.env) ?? body.env ?? null,
    component: columnText('metadata.component', metadata.component) ?? body.component ?? null,
    source: body.source ?? null,
    start_time: body.start_time === undefined ? now : requiredTime('start_time', body.start_time),
    duration: body.duration ?? null,
    summary: body.summary ? stringifyJson(body.summary) : null,
    created: body.created === undefined ? now : requiredTime('created', body.created),
  }
  if (await insertRun(ctx.db, row)) {
    ctx.recounts.schedule()
    return row
  }
  // One sent without a start time got a new one, so it is never the same; our own second try after a lost answer is.
  const stored = (await isSameRun(ctx.db, row)) && (await findRun(ctx.db, row.id))
  if (!stored) throw fail('id_taken', { what: 'Run', id: row.id })
  return stored
}

/**
 * Changes a run: metadata is merged, all else replaced; null says nothing for component, env, source and project (D18).
 * The run is locked while it is read and written, so that concurrent updates of different keys all count; a run that is
 * not moved stays where somebody else may have moved it meanwhile.
 */
export async function changeRun(ctx: AppContext, id: string, body: RunInput, movedTo: string | null): Promise<RunRow> {
  const times = {
    ...(body.start_time === undefined ? {} : { start_time: requiredTime('start_time', body.start_time) }),
    ...(body.created === undefined ? {} : { created: requiredTime('created', body.created) }),
  }
  const changed = await ctx.db.transaction(async (tx) => {
    const stored = await lockRun(tx, id)
    if (!stored) throw fail('run_not_found')
    const row: RunRow = {
      ...stored,
      ...times,
      project_id: movedTo ?? stored.project_id,
      env: body.env ?? stored.env,
      component: body.component ?? stored.component,
      source: body.source ?? stored.source,
      duration: body.duration ?? stored.duration,
      summary: body.summary ? stringifyJson(body.summary) : stored.summary,
      data: body.metadata
        ? printMerged(
            stored.data,
            mergeMetadata(
              parseStoredJson(objectOr(stored.data, EMPTY_OBJECT)) as Record<string, unknown>,
              body.metadata,
            ),
            ctx.config.maxJsonBytes,
          )
        : stored.data,
    }
    await updateRun(tx, row)
    return row
  })
  ctx.recounts.schedule()
  return changed
}

/**
 * Gives the newest `pageSize` runs that match, within the caller's projects (D23), the keys of `metadata` that they
 * lack or have as null (data-model.md 5.4).
 */
export async function fillRuns(
  ctx: AppContext,
  caller: Caller,
  scope: ProjectScope,
  input: { metadata: Record<string, unknown> | undefined; filter: readonly string[] | undefined; pageSize: number },
): Promise<RunRow[]> {
  const { metadata, pageSize } = input
  if (!metadata || Object.keys(metadata).length === 0) throw fail('only_metadata')
  if (pageSize > MAX_BULK) throw fail('too_many_runs')
  if (metadata.project) {
    const projectId = await findProjectId(ctx.db, caller, metadata.project)
    if (!projectId) throw fail('invalid_project')
    if (!hasAccess(caller, projectId)) throw fail('forbidden')
  }
  const filters: Filter[] = parseFilters(input.filter ?? [])
  const where = sql`${compileScope(raw('runs.project_id'), scope, filters)} and ${compileFilters(tables.runs, filters)}`
  const runs = await withFilterErrors(filters, () =>
    ctx.db.transaction(async (tx) => {
      const found = await lockNewestRuns(tx, where, pageSize)
      for (const run of found) {
        const stored = parseStoredJson(objectOr(run.data, EMPTY_OBJECT)) as Record<string, unknown>
        run.data = printMerged(run.data, fillMetadata(stored, metadata), ctx.config.maxJsonBytes)
        await updateRunData(tx, run.id, run.data)
      }
      return found
    }),
  )
  if (runs.length === 0) throw fail('no_runs_found', { filters: listOfTexts(input.filter) })
  return runs
}

/** How the contract prints a list of filters: `['a=1', 'b=2']`, None when there is none. */
function listOfTexts(texts: readonly string[] | undefined): string {
  return texts && texts.length > 0 ? `[${texts.map((text) => `'${text}'`).join(', ')}]` : 'None'
}

/** An id of the client's own. */
export function sentId(value: string | undefined): string | null {
  if (value === undefined) return null
  const id = parseUuid(value)
  if (!id) throw fail('invalid_uuid', { field: 'id', value: value.slice(0, 100) })
  return id
}
