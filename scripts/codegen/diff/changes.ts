/** Which way a value goes: what callers send, or what they get. */
export type Direction = 'request' | 'answer'

/** One change of the interface. */
export interface Change {
  readonly breaking: boolean
  readonly direction: Direction
  /** What changed: `Run.summary`, `query parameter page`, `200 application/json`. */
  readonly place: string
  readonly text: string
}

/** A change and the operations that it reaches. */
export interface Finding extends Change {
  readonly operations: readonly string[]
}

/**
 * What a change does to the values that fit: a request that is refused now breaks its caller, and so does an answer that
 * could not come before.
 */
export type Effect = 'narrower' | 'wider' | 'other'

export function isBreaking(direction: Direction, effect: Effect): boolean {
  if (effect === 'other') return true
  return direction === 'request' ? effect === 'narrower' : effect === 'wider'
}

/** The same change at several operations is one finding; breaking ones first. */
export function collectFindings(found: readonly { readonly operation: string; readonly change: Change }[]): Finding[] {
  const byText = new Map<string, { change: Change; operations: Set<string> }>()
  for (const { operation, change } of found) {
    const key = JSON.stringify([change.direction, change.place, change.text])
    const known = byText.get(key) ?? { change, operations: new Set() }
    known.operations.add(operation)
    byText.set(key, known)
  }
  return [...byText.values()]
    .map(({ change, operations }) => ({ ...change, operations: [...operations] }))
    .sort((a, b) => Number(b.breaking) - Number(a.breaking))
}

/**
 * Whether the version says that callers must look: a new major version, or a new minor one before 1.0.
 * Versions are `major.minor.patch`.
 */
export function announcesBreak(before: string, after: string): boolean {
  const [oldMajor = 0, oldMinor = 0] = before.split('.').map(Number)
  const [newMajor = 0, newMinor = 0] = after.split('.').map(Number)
  if (newMajor !== oldMajor) return newMajor > oldMajor
  return newMajor === 0 && newMinor > oldMinor
}
