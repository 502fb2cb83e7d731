/** How many bytes of large bodies one web process holds at once: of all callers together, and of one. */
export interface BodyLimits {
  readonly total: number
  readonly perCaller: number
}

/** A body that is about to be read. */
export interface ComingBody {
  /** Whose it is, an account's id. */
  readonly caller: string
  /** What it may take at most. */
  readonly bytes: number
  /** Is told what to call when the client has left. */
  readonly onGone: (leave: () => void) => void
}

/** What a body holds while it is read and worked on. */
export interface Room {
  /** Whether somebody waits who could not come in as long as this stays. */
  readonly isWanted: () => boolean
  readonly giveBack: () => void
}

/** Resolves when there is room; with null when the client left before its turn. */
export type TakeRoom = (body: ComingBody) => Promise<Room | null>

interface Waiting {
  readonly caller: string
  readonly bytes: number
  readonly start: () => void
}

/**
 * Bodies are kept whole, so a thousand clients that send 5 MB each, slowly, would take 5 GB. Here they take turns: nothing is
 * read from the socket of one that waits, which its client sees as a slow network. Nobody is refused, since clients
 * do not send results again that were (clients.md). A caller leaves room to the others.
 */
export function createBodyRoom({ total, perCaller }: BodyLimits): TakeRoom {
  const held = new Map<string, number>()
  const waiting = new Set<Waiting>()
  let sum = 0

  const hold = (caller: string, bytes: number) => {
    sum += bytes
    const now = (held.get(caller) ?? 0) + bytes
    if (now === 0) held.delete(caller)
    else held.set(caller, now)
  }
  const isShareFull = ({ caller, bytes }: Waiting) => (held.get(caller) ?? 0) + bytes > perCaller
  const startNext = () => {
    for (const one of waiting) {
      // Whoever waits for room of its own holds nobody up.
      if (isShareFull(one)) continue
      // In order: small ones do not overtake a large one for ever.
      if (sum + one.bytes > total) return
      waiting.delete(one)
      hold(one.caller, one.bytes)
      one.start()
    }
  }

  return async ({ caller, bytes: asked, onGone }) => {
    const bytes = Math.min(asked, perCaller)
    const isIn = await new Promise<boolean>((resolve) => {
      const one: Waiting = { caller, bytes, start: () => resolve(true) }
      waiting.add(one)
      startNext()
      onGone(() => {
        waiting.delete(one)
        resolve(false)
      })
    })
    if (!isIn) return null
    return {
      isWanted: () => [...waiting].some((one) => one.caller === caller || !isShareFull(one)),
      giveBack() {
        hold(caller, -bytes)
        startNext()
      },
    }
  }
}

/** The limits within so much memory. One caller has a quarter: many agents may share an account, but not starve the rest. */
export function bodyLimits(bytes: number): BodyLimits {
  return { total: bytes, perCaller: Math.floor(bytes / 4) }
}
