import type { components } from '../../../generated/types.ts'
import { EMPTY_OBJECT, objectOr } from '../../json/raw-json.ts'
import { formatTime } from '../../time/format-time.ts'
import type { ArtifactRow } from './artifact-sql.ts'

export type Artifact = components['schemas']['Artifact']

/** A row as the API shows it: `additional_metadata` is never null, moments end in Z (data-model.md 4). */
export function toArtifact(row: ArtifactRow): Artifact {
  return {
    id: row.id,
    result_id: row.result_id,
    run_id: row.run_id,
    filename: row.filename,
    upload_date: formatTime(row.upload_date),
    additional_metadata: objectOr(row.data, EMPTY_OBJECT),
  }
}
