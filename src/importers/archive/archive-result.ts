import { parseUuid } from '../../ids/uuid.ts'
import { columnText } from '../../json/column-text.ts'
import { getMember, isRecord, type JsonRecord } from '../../json/json-record.ts'
import { stringifyJson } from '../../json/raw-number.ts'
import { ImportRefused } from '../import-refused.ts'
import type { StagedResult } from '../imported-rows.ts'
import { shown } from './entry-name.ts'
import { JsonFile } from './read-json.ts'

const OUTCOMES = new Set(['passed', 'failed', 'error', 'skipped', 'xpassed', 'xfailed', 'manual', 'blocked'])

/**
 * The row of a result.json (imports.md 3.3, D9): a valid id is kept, else that of its folder counts. The form's metadata
 * lies over the file's, `user_properties` over both.
 *
 * @throws ImportRefused when a member does not fit, or there is no id.
 */
export function toArchivedResult(
  name: string,
  bytes: Buffer,
  place: { folder: string; id: string | null },
  formMetadata: JsonRecord,
): StagedResult {
  const file = new JsonFile(name, bytes)
  const id = parseUuid(file.get('id')) ?? place.id
  if (!id) throw new ImportRefused(`Neither ${shown(name)} nor its folder has an id that is a UUID.`)
  const result = file.text('result')
  if (result !== null && !OUTCOMES.has(result)) {
    throw new ImportRefused(`The result ${result.slice(0, 100)} in ${shown(name)} is none that there is.`)
  }
  const metadata = liftOver({ ...file.object('metadata'), ...formMetadata })
  const params = file.object('params')
  return {
    id,
    folder: place.folder,
    testId: file.text('test_id'),
    result,
    data: stringifyJson(metadata),
    params: params && stringifyJson(params),
    duration: file.number('duration'),
    startTime: file.time('start_time'),
    source: file.text('source'),
    env: columnText('metadata.env', getMember(metadata, 'env')) ?? file.text('env'),
    component: columnText('metadata.component', getMember(metadata, 'component')) ?? file.text('component'),
    projectId: parseUuid(file.get('project_id')),
  }
}

/** Unlike in a POST, the properties win over what is there. */
function liftOver(metadata: JsonRecord): JsonRecord {
  const properties = getMember(metadata, 'user_properties')
  if (!isRecord(properties)) return metadata
  const { user_properties: _lifted, ...others } = metadata
  return { ...others, ...properties }
}
