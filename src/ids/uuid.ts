import { randomUUID } from 'node:crypto'

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const HEX = /^[0-9a-f]{32}$/
/** `urn:uuid:{…}` with hyphens is 47 characters; a few spare hyphens do no harm. */
const MAX_LENGTH = 64

/**
 * Gives an id in its canonical form (lower case, hyphens), null when it is no UUID. Any version, upper case, braces,
 * hyphens left out or elsewhere and `urn:uuid:` are read too (contract/data-model.md 2, R1).
 */
export function parseUuid(text: unknown): string | null {
  if (typeof text !== 'string') return null
  if (text.length === 36 && CANONICAL.test(text)) return text
  if (text.length > MAX_LENGTH) return null
  const hex = text
    .toLowerCase()
    .replace(/^urn:uuid:/, '')
    .replace(/^\{(.*)\}$/, '$1')
    .replaceAll('-', '')
  if (!HEX.test(hex)) return null
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A random (version 4) id for a new row. */
export function newId(): string {
  return randomUUID()
}
