import { createHash } from 'node:crypto'

/** A UUID (version 5 in form) that follows from a text: the same name has the same id on every machine and day. */
export function stableId(name: string): string {
  const bytes = createHash('sha1').update(name).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** A number from 0 up to 1 that follows from a text. */
export function chance(name: string): number {
  return createHash('sha1').update(name).digest().readUInt32BE(0) / 2 ** 32
}

/** One of the items, chosen by a text. */
export function pick<T>(items: readonly [T, ...T[]], name: string): T {
  return items[Math.floor(chance(name) * items.length)] ?? items[0]
}
