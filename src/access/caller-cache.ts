import type { Caller } from './caller.ts'

/** How long a looked-up caller may be used without looking again, should a notification be lost. */
const MAX_AGE_MS = 5_000
const MAX_ENTRIES = 10_000

/** The channel on which a change of accounts, tokens or memberships is announced to every process. */
export const ACCESS_CHANNEL = 'ibutsu_access'

interface Entry {
  readonly caller: Promise<Caller>
  readonly until: number
}

/**
 * Remembers the account behind a token for a few seconds, so that a request costs no look-up.
 *
 * States: *on* (entries are kept) and *off* (every request looks up). It is off until the process listens for changes
 * and whenever that connection is down; going on or off and every announced change empties it. A look-up that began
 * before a change is handed to those who wait for it but not kept.
 */
export class CallerCache {
  #entries = new Map<string, Entry>()
  #on = false

  /** Begins to keep callers; called when the process hears of changes (again). */
  switchOn(): void {
    this.#entries.clear()
    this.#on = true
  }

  /** Stops keeping callers; called when the process cannot hear of changes. */
  switchOff(): void {
    this.#entries.clear()
    this.#on = false
  }

  /** Forgets everything; called on each announced change. */
  clear(): void {
    this.#entries.clear()
  }

  /** The caller of a token, from memory or by `lookUp`. A failing look-up is not kept. */
  find(token: string, now: number, lookUp: () => Promise<Caller>): Promise<Caller> {
    const known = this.#entries.get(token)
    if (known && known.until > now) return known.caller
    if (!this.#on) return lookUp()
    const entry: Entry = { caller: lookUp(), until: now + MAX_AGE_MS }
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.clear()
    this.#entries.set(token, entry)
    entry.caller.catch(() => {
      if (this.#entries.get(token) === entry) this.#entries.delete(token)
    })
    return entry.caller
  }
}
