import type { components } from '../../../generated/types.ts'
import { EMPTY_OBJECT, objectOr } from '../../json/raw-json.ts'
import { formatTime } from '../../time/format-time.ts'
import type { ResultRow } from './result-sql.ts'

export type Result = components['schemas']['Result']

/** A row as the API shows it: `metadata` is never null, moments end in Z (data-model.md 4). */
export function toResult(row: ResultRow): Result {
  return {
    id: row.id,
    test_id: row.test_id,
    start_time: formatTime(row.start_time),
    duration: row.duration,
    result: row.result,
    component: row.component,
    env: row.env,
    run_id: row.run_id,
    project_id: row.project_id,
    metadata: objectOr(row.data, EMPTY_OBJECT),
    params: objectOr(row.params, null),
    source: row.source,
  }
}
