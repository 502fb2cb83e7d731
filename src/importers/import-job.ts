import { type Caller, hasAccess } from '../access/caller.ts'
import { findAccount } from '../access/caller-sql.ts'
import type { AppContext } from '../context.ts'
import { findProjectId } from '../features/project/find-project.ts'
import type { JsonRecord } from '../json/json-record.ts'
import { ImportRefused } from './import-refused.ts'
import { hasImportedRun } from './import-sql.ts'

/** One import while it is read: what came in the form, and what it may do. */
export interface ImportJob {
  readonly id: string
  readonly filename: string
  /** Moment of the request, UTC: stands in where the file names no time, the same in every try. */
  readonly created: string
  readonly projectId: string | null
  readonly source: string | null
  readonly metadata: JsonRecord
  readonly sender: Caller
  readonly signal: AbortSignal
  /** Says how far it is; cheap, called often. */
  progress(done: number, of: number | null): Promise<void> | undefined
}

/**
 * The account that sent an import, with the projects that it has today and the one that the form named, which was checked
 * when the file was accepted. Where the account is gone, that project is all that is left.
 */
export async function findSender(
  ctx: AppContext,
  ownerId: string | null,
  formProjectId: string | null,
): Promise<Caller> {
  const account = ownerId ? await findAccount(ctx.db, ownerId, '') : undefined
  const caller = account?.isActive ? account.caller : null
  const projects = new Map(caller?.projects)
  if (formProjectId && !projects.has(formProjectId)) {
    projects.set(formProjectId, { id: formProjectId, name: null, owned: false })
  }
  return {
    id: ownerId ?? '',
    email: caller?.email ?? '',
    name: caller?.name ?? null,
    isSuperadmin: caller?.isSuperadmin ?? false,
    projects,
    defaultProjectId: null,
  }
}

/**
 * The project that a file names, by id or name; null when there is none of that name.
 *
 * @throws ImportRefused when it is somebody else's (D23).
 */
export async function namedProject(ctx: AppContext, job: ImportJob, reference: unknown): Promise<string | null> {
  const id = reference ? await findProjectId(ctx.db, job.sender, reference) : null
  if (id && !hasAccess(job.sender, id)) {
    throw new ImportRefused(
      `The file names the project ${String(reference).slice(0, 200)}, which its sender may not write to.`,
    )
  }
  return id
}

/**
 * Makes sure that a run which exists already may be written to (D23, D40). One without a project only by superadmins, and
 * by the account whose import made it.
 *
 * @throws ImportRefused
 */
export async function checkRunAccess(
  ctx: AppContext,
  job: ImportJob,
  run: { id: string; project_id: string | null },
): Promise<void> {
  if (hasAccess(job.sender, run.project_id)) return
  if (run.project_id === null && job.sender.id && (await hasImportedRun(ctx.db, job.sender.id, run.id))) return
  throw new ImportRefused(`The run ${run.id} exists already and its sender may not write to it.`)
}
