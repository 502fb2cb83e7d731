import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { type Caller, hasAccess } from '../../access/caller.ts'
import { identifyCaller } from '../../access/identify-caller.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { newId } from '../../ids/uuid.ts'
import { enqueueJob } from '../../jobs/enqueue-job.ts'
import { priorities } from '../../jobs/job-names.ts'
import { isRecord, type JsonRecord } from '../../json/json-record.ts'
import { parseJsonText } from '../../json/parse-json.ts'
import { stringifyJson } from '../../json/raw-number.ts'
import { FORM_LIMITS, type Form, readForm } from '../../multipart/read-form.ts'
import { nowUtc } from '../../time/parse-time.ts'
import { findProjectId } from '../project/find-project.ts'
import { dropUpload, storeChunks } from './import-chunks.ts'
import { formatOf } from './import-format.ts'
import { type ImportRow, insertImport } from './import-sql.ts'

const FILE = 'importFile'
const FIELDS = ['project', 'metadata', 'source'].map((name) => ({ name }))
/** Room in the body for everything that is not the file. */
const FORM_BYTES = 4_000_000

/**
 * Takes a file in and leaves its reading to a job (imports.md 1). Its pieces are stored while it comes in, under the id of
 * an import that does not exist yet; the import, its owner and its job then come to be in one transaction. Fields may
 * stand behind the file, so whether it is wanted is known at the end: a refused one leaves nothing behind.
 *
 * @throws ApiError `invalid_body`, `no_file`, `unknown_import_project`, `forbidden`, `unsupported_import`,
 *   `body_too_large`, those of the form, and those of a token that opens nothing any more.
 */
export async function acceptImport(
  ctx: AppContext,
  caller: Caller,
  body: { stream: Readable; headers: IncomingHttpHeaders },
): Promise<ImportRow> {
  const id = newId()
  let storing: Promise<unknown> = Promise.resolve()
  const store = (content: AsyncIterable<Buffer>) => {
    storing = storeChunks(ctx.db, id, content)
    return storing
  }
  try {
    const form = await readForm(
      body.stream,
      body.headers,
      { fields: FIELDS, files: [{ name: FILE, maxBytes: 0, store }] },
      { ...FORM_LIMITS, bodyBytes: ctx.config.importMaxBytes + FORM_BYTES },
    )
    // The upload may have taken hours: what counts is what its sender may do now.
    const sender = await identifyCaller(ctx, body.headers.authorization)
    const row = await checkForm(ctx, sender, form, id)
    await ctx.db.transaction(async (tx) => {
      await insertImport(tx, row, caller.id)
      const payload = { import_id: id }
      await enqueueJob(tx, { id, name: 'import', payload, ownerId: caller.id, priority: priorities.interactive })
    })
    ctx.jobs.wake()
    return row
  } catch (error) {
    // A piece may still be on its way.
    await storing.catch(() => undefined)
    await dropUpload(ctx.db, id).catch((err) => ctx.log.warn({ err, importId: id }, 'a refused file was not deleted'))
    throw error
  }
}

async function checkForm(ctx: AppContext, caller: Caller, form: Form, id: string): Promise<ImportRow> {
  const file = form.files[FILE]
  if (form.unnamed.has(FILE)) throw fail('no_file')
  if (!file) throw fail('invalid_body', { detail: `body must have required property '${FILE}'` })
  if (form.repeated.has(FILE)) throw fail('invalid_body', { detail: `body/${FILE} was sent more than once` })
  if (!file.name) throw fail('no_file')
  if (file.size > ctx.config.importMaxBytes) throw fail('body_too_large', { limit: ctx.config.importMaxBytes })
  const { project, metadata, source } = form.fields
  const notes = metadata === undefined ? null : readMetadata(metadata)
  const projectId = project ? await findProject(ctx, caller, project) : null
  if (!formatOf(file.name)) throw fail('unsupported_import')
  const data = { ...(projectId ? { project_id: projectId } : {}), metadata: notes, ...(source ? { source } : {}) }
  return {
    id,
    filename: file.name,
    format: '',
    data: stringifyJson(data),
    status: 'pending',
    created: nowUtc(() => ctx.clock.now()),
  }
}

function readMetadata(text: string): JsonRecord {
  const value = parseJsonText(text)
  if (isRecord(value)) return value
  throw fail('invalid_body', { detail: `${text.slice(0, 100)} is not of type 'object' - 'metadata'` })
}

async function findProject(ctx: AppContext, caller: Caller, sent: string): Promise<string> {
  const projectId = await findProjectId(ctx.db, caller, sent)
  if (!projectId) throw fail('unknown_import_project', { project: sent })
  if (!hasAccess(caller, projectId)) throw fail('forbidden')
  return projectId
}
