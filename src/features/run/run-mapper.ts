import type { components } from '../../../generated/types.ts'
import { EMPTY_OBJECT, objectOr } from '../../json/raw-json.ts'
import { formatTime } from '../../time/format-time.ts'
import type { RunRow } from './run-sql.ts'

export type Run = components['schemas']['Run']

/** A row as the API shows it: `metadata` is never null, moments end in Z (data-model.md 4). */
export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    created: formatTime(row.created),
    start_time: formatTime(row.start_time),
    duration: row.duration,
    source: row.source,
    component: row.component,
    env: row.env,
    project_id: row.project_id,
    summary: objectOr(row.summary, null),
    metadata: objectOr(row.data, EMPTY_OBJECT),
  }
}
