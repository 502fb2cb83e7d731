/**
 * How many jobs run at once in a worker. A job that may have killed a worker before holds all slots, and while one such is
 * due no two jobs start side by side, so that it gets its turn.
 */
export interface JobSlots {
  /** Takes a slot; null when there is none. */
  tryTake(): Slot | null
  /** Waits for a slot; null when the slots are closed. Who waits goes before `tryTake`. */
  take(): Promise<Slot | null>
  /** Says whether a job is due that must run alone. */
  setSuspectDue(due: boolean): void
  /** No slot is given any more. */
  close(): void
}

export interface Slot {
  /** Whether nothing else runs. */
  readonly alone: boolean
  /** Keeps all others out until this one is freed. */
  keepAlone(): void
  free(): void
  /** Frees it when there was nothing to do: `onFree` would only look again. */
  freeUnused(): void
}

export function createJobSlots(limit: number, onFree: () => void): JobSlots {
  const waiting: ((slot: Slot | null) => void)[] = []
  let taken = 0
  let lone = false
  let suspectDue = false
  let closed = false

  const hasRoom = () => !closed && !lone && taken < (suspectDue ? 1 : limit)
  const give = (): Slot => {
    taken++
    let held = true
    let alone = false
    const free = () => {
      if (!held) return false
      held = false
      taken--
      if (alone) lone = false
      while (waiting.length > 0 && hasRoom()) waiting.shift()?.(give())
      return hasRoom()
    }
    return {
      alone: taken === 1,
      keepAlone() {
        alone = true
        lone = true
      },
      free: () => {
        if (free()) onFree()
      },
      freeUnused: free,
    }
  }
  return {
    tryTake: () => (hasRoom() && waiting.length === 0 ? give() : null),
    take: () => {
      if (closed) return Promise.resolve(null)
      if (hasRoom()) return Promise.resolve(give())
      return new Promise((resolve) => waiting.push(resolve))
    },
    setSuspectDue(due) {
      suspectDue = due
    },
    close() {
      closed = true
      for (const resolve of waiting.splice(0)) resolve(null)
    },
  }
}
