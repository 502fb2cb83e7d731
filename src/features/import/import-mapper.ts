import type { components } from '../../../generated/types.ts'
import { EMPTY_OBJECT } from '../../json/raw-json.ts'
import { formatTime } from '../../time/format-time.ts'
import type { ImportRow } from './import-sql.ts'

export type Import = components['schemas']['Import']

/** A row as the API shows it; its `data` is called metadata there (imports.md 1.1). */
export function toImport(row: ImportRow): Import {
  return {
    id: row.id,
    filename: row.filename,
    format: row.format,
    status: row.status,
    created: formatTime(row.created),
    metadata: row.data ?? EMPTY_OBJECT,
  }
}
