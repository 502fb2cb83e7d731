import type { Queryable } from '../db/queryable.ts'

/** PostgreSQL's statistics, and what is made of them, change once in a minute at most (autovacuum's nap). */
const KEEP_MS = 10_000
const MAX_ENTRIES = 1_000

interface Known {
  readonly value: Promise<unknown>
  readonly until: number
}

const known = new WeakMap<Queryable, Map<string, Known>>()

/** What was found under a key of a database in the last ten seconds, or is found now; a failure is not remembered. */
export function remember<T>(db: Queryable, key: string, find: () => Promise<T>): Promise<T> {
  const entries = known.get(db) ?? new Map<string, Known>()
  known.set(db, entries)
  const found = entries.get(key)
  const now = performance.now()
  if (found && found.until > now) return found.value as Promise<T>
  if (entries.size >= MAX_ENTRIES) entries.clear()
  const value = find()
  entries.set(key, { value, until: now + KEEP_MS })
  value.catch(() => entries.delete(key))
  return value
}
