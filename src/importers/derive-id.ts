import { hash } from 'node:crypto'

/**
 * An id that follows from what it is the id of (a name-based UUID, version 8): the same thing imported again has the same
 * id, so it is updated and never doubled (D40).
 */
export function deriveId(owner: string, place: string): string {
  const hex = hash('sha256', `${owner}/${place}`, 'hex')
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The same in SQL, of two text expressions. */
export function derivedIdSql(owner: string, place: string): string {
  const bytes = `substring(sha256(convert_to(${owner} || '/' || ${place}, 'UTF8')) for 16)`
  const versioned = `set_byte(${bytes}, 6, (get_byte(${bytes}, 6) & 15) | 128)`
  return `encode(set_byte(${versioned}, 8, (get_byte(${bytes}, 8) & 63) | 128), 'hex')::uuid`
}
