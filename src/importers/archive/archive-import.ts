import type { AppContext } from '../../context.ts'
import { withCopyTransaction } from '../../db/copy-transaction.ts'
import type { Queryable } from '../../db/queryable.ts'
import { readChunks } from '../../features/import/import-chunks.ts'
import { lockRun } from '../../features/run/run-sql.ts'
import { recountRuns } from '../../jobs/recount-sql.ts'
import { getMember } from '../../json/json-record.ts'
import { checkRunAccess, type ImportJob, namedProject } from '../import-job.ts'
import { ImportRefused } from '../import-refused.ts'
import { markDone } from '../import-sql.ts'
import type { StagedArtifact } from '../imported-rows.ts'
import { mergeArtifacts, mergeResults } from '../merge-rows.ts'
import { claimRun, insertImportedRun, updateImportedRun } from '../run-rows.ts'
import { Staging } from '../staging.ts'
import { toArchivedResult } from './archive-result.ts'
import { type ArchivedRun, readRunFile, runOfFolder, toArchivedRunRow } from './archive-run.ts'
import { type EntryPlace, isDebris, linkTarget, placeOf, plainName, shown } from './entry-name.ts'
import { expand } from './expand.ts'
import { type ArchiveEntry, collect, readArchive } from './read-archive.ts'
import { settleOwners } from './settle-owners.ts'

/** Larger files go to the database as they come, never whole through memory. */
const STREAMED_FROM = 256 * 1024

/**
 * Reads an archive (imports.md 3) into one run: that of its last run.json, else of its folder. Nothing is seen of it before
 * everything is there; the same archive again updates (D9).
 *
 * @param size of the stored file in bytes, for the limit on how far it may grow.
 */
export async function importArchive(ctx: AppContext, job: ImportJob, size: number): Promise<void> {
  const { config } = ctx
  await withCopyTransaction(ctx.db, async (tx) => {
    const staging = await Staging.open(tx, config.importMaxExpandedBytes)
    const reader = new ArchiveReader(ctx, job, staging)
    const limits = { expandedBytes: config.importMaxExpandedBytes, ratio: config.importMaxRatio }
    await readArchive(expand(readChunks(ctx.db, job.id), size, limits), (entry) => reader.take(entry))
    await staging.flush()
    const run = reader.run()
    const named = { ...run.metadata, ...job.metadata }
    const projectId =
      job.projectId ??
      (await namedProject(ctx, job, getMember(named, 'project'))) ??
      (await namedProject(ctx, job, run.projectId))
    const stored = await claimRun(tx, run.id)
    if (stored) await checkRunAccess(ctx, job, stored)
    const { source, metadata } = job
    const around = { projectId, source, metadata, firstStart: reader.firstStart, now: job.created }
    const row = toArchivedRunRow(run, around, stored)
    if (!stored) await insertImportedRun(tx, row)
    if (row.project_id === null) await checkResultProjects(ctx, tx, job)
    await settleOwners(tx, run.id)
    const target = { runId: run.id, projectId: row.project_id, projectFrom: 'run', forget: [] } as const
    await mergeResults(tx, staging, job, target)
    await mergeArtifacts(tx, staging, job, run.id)
    const locked = stored && (await lockRun(tx, run.id))
    if (locked) await updateImportedRun(tx, toArchivedRunRow(run, around, locked))
    await recountRuns(tx, [run.id])
    await markDone(tx, job.id, run.id)
  })
}

/** Where the run has no project, those that results name count (D23); unknown ones are none. */
async function checkResultProjects(ctx: AppContext, tx: Queryable, job: ImportJob): Promise<void> {
  const { rows } = await tx.query<{ project_id: string }>({
    text: 'select distinct project_id from staged_results where project_id is not null',
  })
  for (const { project_id } of rows) {
    if (await namedProject(ctx, job, project_id)) continue
    await tx.query({ text: 'update staged_results set project_id = null where project_id = $1', values: [project_id] })
  }
}

/** Sorts entries into the staging tables, in whatever order they come. */
class ArchiveReader {
  /** The earliest start that a result names. */
  firstStart: string | null = null
  readonly #ctx: AppContext
  readonly #job: ImportJob
  readonly #staging: Staging
  #entries = 0
  #run: ArchivedRun | null = null
  #runFolder: string | null = null

  constructor(ctx: AppContext, job: ImportJob, staging: Staging) {
    this.#ctx = ctx
    this.#job = job
    this.#staging = staging
  }

  /** @throws ImportRefused when nothing in the archive was of a run. */
  run(): ArchivedRun {
    if (this.#run) return this.#run
    if (!this.#runFolder) throw new ImportRefused('The archive holds no run.')
    return runOfFolder(this.#runFolder)
  }

  async take({ header, content }: ArchiveEntry): Promise<void> {
    const { importMaxEntries, importMaxNameLength } = this.#ctx.config
    this.#job.signal.throwIfAborted()
    if (++this.#entries > importMaxEntries) {
      throw new ImportRefused(`The archive has more entries than the limit of ${importMaxEntries}.`)
    }
    const name = plainName(header.name, importMaxNameLength)
    if (header.type === 'directory' || isDebris(name)) return
    const place = placeOf(name)
    this.#runFolder ??= place.runFolder
    if (header.type === 'link' || header.type === 'symlink') return this.#takeLink(name, place, header)
    if (header.pax && Object.keys(header.pax).some((key) => key.startsWith('GNU.sparse')))
      throw odd(name, 'sparse file')
    if (header.type !== 'file' && header.type !== 'contiguous-file') throw odd(name, header.type ?? 'sparse file')
    await this.#takeFile(name, place, header.size ?? 0, content)
    await this.#job.progress(this.#staging.resultCount, null)
  }

  async #takeFile(name: string, place: EntryPlace, size: number, content: AsyncIterable<Buffer>): Promise<void> {
    const { importMaxTextBytes, importMaxMemberBytes } = this.#ctx.config
    const isJson = place.kind === 'run' || place.kind === 'result'
    const limit = isJson ? importMaxTextBytes : importMaxMemberBytes
    if (size > limit) throw new ImportRefused(`The file ${shown(name)} is larger than the limit of ${limit} bytes.`)
    if (place.kind === 'run') {
      this.#run = readRunFile(name, await collect(content), place.runFolder)
    } else if (place.kind === 'result') {
      const result = toArchivedResult(name, await collect(content), place, this.#job.metadata)
      const { startTime } = result
      if (startTime !== null && (this.firstStart === null || startTime < this.firstStart)) this.firstStart = startTime
      await this.#staging.addResult(result)
    } else if (size < STREAMED_FROM) {
      await this.#staging.addArtifact(artifactAt(name, place, null), await collect(content))
    } else {
      await this.#staging.streamArtifact(artifactAt(name, place, null), content, size)
    }
  }

  async #takeLink(name: string, place: EntryPlace, { type, linkname }: ArchiveEntry['header']): Promise<void> {
    if (place.kind === 'run' || place.kind === 'result') throw odd(name, 'link')
    const target = linkTarget(name, linkname ?? '', type === 'symlink')
    await this.#staging.addArtifact(artifactAt(name, place, target), null)
  }
}

function artifactAt(entry: string, place: Extract<EntryPlace, { path: string }>, link: string | null): StagedArtifact {
  const folder = place.kind === 'result-file' ? place.folder : null
  return { id: null, owner: null, folder, path: place.path, entry, link }
}

function odd(name: string, kind: string): ImportRefused {
  return new ImportRefused(`The entry ${shown(name)} is a ${kind}, which cannot be imported.`)
}
