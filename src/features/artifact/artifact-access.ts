import type { components } from '../../../generated/types.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { parseUuid } from '../../ids/uuid.ts'
import { findArtifact, type PlacedArtifactRow } from './artifact-sql.ts'

type ArtifactUpload = components['schemas']['ArtifactUpload']

/** What a new artifact belongs to: one of both. `sent` is its id as it was sent, for messages. */
export interface ArtifactOwner {
  readonly resultId: string | null
  readonly runId: string | null
  readonly sent: string
}

/** The artifact that a path names. */
export async function artifactOfPath(
  ctx: AppContext,
  request: { params: { id: string } },
  need: Need,
): Promise<PlacedArtifactRow> {
  const artifact = await findArtifact(ctx.db, request.params.id)
  if (!artifact) throw fail('not_found')
  need(artifact.project_id)
  return artifact
}

/**
 * The result or run of a new artifact, by the first five checks of imports.md 4.1; that it exists and may be written to is
 * checked with the insert. Of two names for a field the camel-cased one counts; an empty id is one that was not sent (R1).
 *
 * @throws ApiError `no_file`, `no_owner`, `two_owners`, `no_filename`, `owner_no_uuid`.
 */
export function ownerOfNewArtifact({ body }: { body: ArtifactUpload }): ArtifactOwner {
  if (!body.file.name) throw fail('no_file')
  const sentResult = body.resultId || body.result_id
  const sentRun = body.runId || body.run_id
  if (!sentResult && !sentRun) throw fail('no_owner')
  if (sentResult && sentRun) throw fail('two_owners')
  if (!body.filename) throw fail('no_filename')
  const sent = (sentResult || sentRun) ?? ''
  const id = parseUuid(sent)
  if (!id) throw fail('owner_no_uuid', { what: sentResult ? 'Result' : 'Run', id: sent.slice(0, 100) })
  return sentResult ? { resultId: id, runId: null, sent } : { resultId: null, runId: id, sent }
}
