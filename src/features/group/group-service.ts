import type { components } from '../../../generated/types.ts'
import type { AppContext } from '../../context.ts'
import { withTransaction } from '../../db/transaction.ts'
import { fail } from '../../errors.ts'
import { requiredUuid } from '../../ids/required-uuid.ts'
import { newId } from '../../ids/uuid.ts'
import { mergeMetadata } from '../../json/merge-metadata.ts'
import { parseStoredJson } from '../../json/parse-json.ts'
import { printMerged } from '../../json/print-merged.ts'
import { EMPTY_OBJECT, objectOr } from '../../json/raw-json.ts'
import { stringifyJson } from '../../json/raw-number.ts'
import { sentMetadata } from '../run/run-access.ts'
import { type GroupRow, insertGroup, lockGroup, updateGroupRow } from './group-sql.ts'

type GroupInput = components['schemas']['GroupInput']

/**
 * Stores a group.
 *
 * @throws ApiError `group_id_taken`, `invalid_uuid`.
 */
export async function createGroup(ctx: AppContext, body: GroupInput): Promise<GroupRow> {
  const row: GroupRow = {
    id: body.id === undefined ? newId() : requiredUuid('id', body.id),
    name: body.name ?? null,
    data: stringifyJson(sentMetadata(body)),
  }
  let tries = 0
  await withTransaction(ctx, async (tx) => {
    tries++
    // A second try may meet what the first one stored, when the answer to its commit was lost.
    if (!(await insertGroup(tx, row)) && tries === 1) throw fail('group_id_taken', { id: row.id })
  })
  return row
}

/**
 * Changes a group: metadata is merged, the name replaced; what is not sent stays (data-model.md 5.3).
 *
 * @throws ApiError `group_not_found`.
 */
export function changeGroup(ctx: AppContext, id: string, body: GroupInput): Promise<GroupRow> {
  return withTransaction(ctx, async (tx) => {
    const stored = await lockGroup(tx, id)
    if (!stored) throw fail('group_not_found')
    const before = parseStoredJson(objectOr(stored.data, EMPTY_OBJECT)) as Record<string, unknown>
    const row: GroupRow = {
      id,
      name: body.name ?? stored.name,
      data: body.metadata
        ? printMerged(stored.data, mergeMetadata(before, body.metadata), ctx.config.maxJsonBytes)
        : stored.data,
    }
    await updateGroupRow(tx, row)
    return row
  })
}
