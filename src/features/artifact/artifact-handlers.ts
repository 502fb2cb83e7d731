import type { OperationHandlers, OperationReplies } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { pageOf, paginationOf } from '../../pages/page.ts'
import { openContent } from './artifact-content.ts'
import { toArtifact } from './artifact-mapper.ts'
import { createArtifact, listArtifacts } from './artifact-service.ts'
import { deleteArtifact } from './artifact-sql.ts'
import { attachment } from './content-disposition.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getArtifactList' | 'uploadArtifact' | 'getArtifact' | 'deleteArtifact' | 'viewArtifact' | 'downloadArtifact'
>

type FileReply = Extract<OperationReplies['viewArtifact'], { type: string }>

export const artifactHandlers: Handlers = {
  async getArtifactList(ctx, { query, caller, subject: scope }) {
    const page = pageOf(query)
    const { rows, totalItems } = await listArtifacts(ctx, caller, { scope, query, page })
    return { status: 200, body: { artifacts: rows.map(toArtifact), pagination: paginationOf(page, totalItems) } }
  },

  async uploadArtifact(ctx, { body, caller, subject: place }) {
    return { status: 201, body: toArtifact(await createArtifact(ctx, caller, body, place)) }
  },

  async getArtifact(_ctx, { subject: artifact }) {
    return { status: 200, body: toArtifact(artifact) }
  },

  async deleteArtifact(ctx, { params }) {
    await deleteArtifact(ctx.db, params.id)
    return { status: 200, body: 'OK' }
  },

  async viewArtifact(ctx, { params }) {
    return toFileReply(ctx, params.id, {})
  },

  async downloadArtifact(ctx, { params, subject: artifact }) {
    return toFileReply(ctx, params.id, { 'content-disposition': attachment(artifact.filename ?? '') })
  },
}

/** The bytes as they are, under a type that no page among them can misuse (D13). */
async function toFileReply(ctx: AppContext, id: string, headers: Record<string, string>): Promise<FileReply> {
  const { type, length, body } = await openContent(ctx, id)
  const reply = {
    status: 200,
    // The sniffer's types are those of the spec; JSON too goes out byte by byte, not through a serializer.
    type: type as FileReply['type'],
    headers: { ...headers, 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' },
  } as const
  return Buffer.isBuffer(body) ? { ...reply, body } : { ...reply, length, pieces: body }
}
