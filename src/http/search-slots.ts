import { type OperationId, operations } from '../../generated/operations.ts'
import { fail } from '../errors.ts'

/** How many searches run at once in this process: of all callers together, and of one. */
export interface SearchLimits {
  readonly total: number
  readonly perCaller: number
  /** Who has waited for so long gets the 400 of a search that takes too long. */
  readonly waitMs: number
}

/** Runs `search` when there is room for the caller. `onGone` is told what to call when the client has left. */
export type RunSearch = <T>(search: Search<T>) => Promise<T>

export interface Search<T> {
  /** Whose search it is, an account's id. */
  readonly caller: string
  /** What it looks for, for the message of one that has waited in vain. */
  readonly describe: () => string
  readonly onGone: (leave: () => void) => void
  readonly run: () => Promise<T>
}

interface Waiting {
  readonly start: () => void
}

/**
 * A list that is filtered, and a widget, may take the database as long as the time limit allows, and a client can ask
 * for any number of them. So they never hold all connections: some are left to single rows, to writes and to the rest
 * of the work, and one caller leaves some to the others. Within that, callers take turns.
 */
export function createSearchSlots({ total, perCaller, waitMs }: SearchLimits): RunSearch {
  const running = new Map<string, number>()
  /** By caller; the one whose turn it was last is at the end. */
  const waiting = new Map<string, Set<Waiting>>()
  let count = 0

  const hasRoom = (caller: string) => count < total && (running.get(caller) ?? 0) < perCaller
  const take = (caller: string) => {
    count++
    running.set(caller, (running.get(caller) ?? 0) + 1)
  }
  const free = (caller: string) => {
    count--
    const left = (running.get(caller) ?? 1) - 1
    if (left === 0) running.delete(caller)
    else running.set(caller, left)
    startNext()
  }
  const startNext = () => {
    for (const [caller, queue] of waiting) {
      if (!hasRoom(caller)) continue
      const [next] = queue
      if (!next) continue
      leave(caller, next)
      const rest = waiting.get(caller)
      if (rest) {
        waiting.delete(caller)
        waiting.set(caller, rest)
      }
      next.start()
      return
    }
  }
  const leave = (caller: string, one: Waiting) => {
    const queue = waiting.get(caller)
    queue?.delete(one)
    if (queue?.size === 0) waiting.delete(caller)
  }

  const wait = ({ caller, describe, onGone }: Search<unknown>) =>
    new Promise<void>((resolve, reject) => {
      let ended = false
      const end = (settle: () => void) => {
        // A client also leaves when it has its answer.
        if (ended) return
        ended = true
        clearTimeout(timer)
        leave(caller, one)
        settle()
      }
      const refuse = () => end(() => reject(fail('statement_timeout', { filter: describe() })))
      const one: Waiting = {
        start: () =>
          end(() => {
            take(caller)
            resolve()
          }),
      }
      const timer = setTimeout(refuse, waitMs)
      const queue = waiting.get(caller) ?? new Set()
      queue.add(one)
      waiting.set(caller, queue)
      // Nobody reads the answer.
      onGone(refuse)
    })

  return async (search) => {
    if (hasRoom(search.caller)) take(search.caller)
    else await wait(search)
    try {
      return await search.run()
    } finally {
      free(search.caller)
    }
  }
}

/** The limits that a pool of connections allows: a fifth is never a search's, and half of it is one caller's at most. */
export function searchLimits(poolSize: number, waitMs: number): SearchLimits {
  const total = Math.max(1, poolSize - Math.max(1, Math.floor(poolSize / 5)))
  const perCaller = Math.max(1, Math.min(Math.ceil(poolSize / 2), total - 1))
  return { total, perCaller, waitMs }
}

/** Whether an operation looks for rows by what the client likes to ask. */
export function isSearch(id: OperationId): boolean {
  return id === 'getWidget' || operations[id].parameters.some(({ name }) => name === 'filter')
}
