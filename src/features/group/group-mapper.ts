import type { components } from '../../../generated/types.ts'
import { EMPTY_OBJECT, objectOr } from '../../json/raw-json.ts'
import type { GroupRow } from './group-sql.ts'

export type Group = components['schemas']['Group']

/** A group as the API shows it: `metadata` is never null (data-model.md 4). */
export function toGroup(row: GroupRow): Group {
  return { id: row.id, name: row.name, metadata: objectOr(row.data, EMPTY_OBJECT) }
}
