import type { RunRow } from '../../features/run/run-sql.ts'
import { parseUuid } from '../../ids/uuid.ts'
import { columnText } from '../../json/column-text.ts'
import { getMember, type JsonRecord } from '../../json/json-record.ts'
import { mergeMetadata } from '../../json/merge-metadata.ts'
import { parseStoredJson } from '../../json/parse-json.ts'
import { stringifyJson } from '../../json/raw-number.ts'
import { ImportRefused } from '../import-refused.ts'
import { JsonFile } from './read-json.ts'

/** What an archive says of its run; without a run.json that is little more than its id (D10). */
export interface ArchivedRun {
  readonly id: string
  readonly metadata: JsonRecord
  /** As the file has it, unchecked. */
  readonly projectId: unknown
  readonly env: string | null
  readonly component: string | null
  readonly source: string | null
  readonly startTime: string | null
  readonly created: string | null
  readonly duration: number | null
  readonly summary: JsonRecord | null
}

/** @throws ImportRefused when a member does not fit. A missing id is that of the folder. */
export function readRunFile(name: string, bytes: Buffer, folderId: string): ArchivedRun {
  const file = new JsonFile(name, bytes)
  const sent = file.get('id')
  const id = sent === undefined || sent === null || sent === '' ? folderId : parseUuid(sent)
  if (!id) throw new ImportRefused(`The id in ${name} is no UUID.`)
  return {
    id,
    metadata: file.object('metadata') ?? {},
    projectId: file.get('project_id'),
    env: file.text('env'),
    component: file.text('component'),
    source: file.text('source'),
    startTime: file.time('start_time'),
    created: file.time('created'),
    duration: file.number('duration'),
    summary: file.object('summary'),
  }
}

export function runOfFolder(id: string): ArchivedRun {
  return {
    id,
    metadata: {},
    projectId: null,
    env: null,
    component: null,
    source: null,
    startTime: null,
    created: null,
    duration: null,
    summary: null,
  }
}

/** What comes from elsewhere than the run.json. */
export interface RunSurroundings {
  readonly projectId: string | null
  /** The form's. */
  readonly source: string | null
  readonly metadata: JsonRecord
  /** The earliest start of its results. */
  readonly firstStart: string | null
  readonly now: string
}

/** The row of the run (imports.md 3.2): laid over the stored one where there is one; what is not said stays (R3). */
export function toArchivedRunRow(run: ArchivedRun, around: RunSurroundings, stored: RunRow | undefined): RunRow {
  const metadata: JsonRecord = { ...run.metadata, ...around.metadata }
  const before = stored?.data ? (parseStoredJson(stored.data) as JsonRecord) : {}
  const start = run.startTime ?? run.created ?? stored?.start_time ?? around.firstStart ?? around.now
  return {
    id: run.id,
    project_id: around.projectId ?? stored?.project_id ?? null,
    data: stringifyJson(mergeMetadata(before, metadata)),
    env: columnText('metadata.env', getMember(metadata, 'env')) || run.env || stored?.env || null,
    component:
      columnText('metadata.component', getMember(metadata, 'component')) || run.component || stored?.component || null,
    source: around.source ?? run.source ?? stored?.source ?? null,
    start_time: start,
    duration: run.duration ?? stored?.duration ?? 0,
    summary: run.summary ? stringifyJson(run.summary) : (stored?.summary ?? null),
    created: run.created ?? run.startTime ?? stored?.created ?? start,
  }
}
