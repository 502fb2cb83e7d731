import { hash } from 'node:crypto'

/**
 * An id that follows from what it is the id of (a UUID, version 8 of RFC 9562): the same thing imported again has the same
 * id, so it is updated and never doubled (D40). It begins like its owner's: the results of a run, and their files, lie side
 * by side in the indexes, where random ids would change another page for each row. 72 bits are the thing's own.
 *
 * @param owner a UUID in its canonical form
 */
export function deriveId(owner: string, place: string): string {
  const hex = hash('sha256', `${owner}/${place}`, 'hex')
  return `${owner.slice(0, 13)}-8${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`
}

/** The same in SQL, of two text expressions. */
export function derivedIdSql(owner: string, place: string): string {
  const hex = `encode(sha256(convert_to(${owner} || '/' || ${place}, 'UTF8')), 'hex')`
  return `regexp_replace(${hex}, '^(.{3})(.{3})(.{12}).*$', left(${owner}, 13) || '-8\\1-8\\2-\\3')::uuid`
}
