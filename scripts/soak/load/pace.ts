import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation } from './operation.ts'
import type { Tally } from './tally.ts'

const TICK_MS = 2
/** So much that is due and not done means that the server does not keep up; more is not begun, and counts as failed. */
const MOST_UNDONE = 5_000

/** Operations in turn, each as often as its weight says, spread evenly. */
export function createTurns(operations: readonly Operation[]): () => Operation {
  const total = operations.reduce((sum, { weight }) => sum + weight, 0)
  // Each begins somewhere else in its period (golden section), or all the rare ones would come at once.
  const turns = operations.map((operation, n) => ({ operation, credit: total * (((n * 0.618) % 1) - 0.5) }))
  return () => {
    for (const turn of turns) turn.credit += turn.operation.weight
    const next = turns.reduce((best, turn) => (turn.credit > best.credit ? turn : best))
    next.credit -= total
    return next.operation
  }
}

/** Does operations and counts them; those in the background go on by themselves. */
export interface Performer {
  /** Resolves when it is done, at once for one in the background. Never rejects. */
  perform(operation: Operation, due: number): Promise<void>
  readonly undone: () => number
  /** Resolves when nothing is under way. */
  settle(): Promise<void>
}

export function createPerformer(tally: Tally): Performer {
  const background = new Map<Operation, number>()
  let undone = 0

  async function perform(operation: Operation, due: number): Promise<void> {
    undone++
    try {
      const name = (await operation.run()) ?? operation.name
      tally.succeeded(name, performance.now() - due)
    } catch (error) {
      tally.didFail(operation.name, error)
    }
    undone--
  }
  return {
    async perform(operation, due) {
      if (operation.background === undefined) return perform(operation, due)
      const running = background.get(operation) ?? 0
      if (running >= operation.background) return
      background.set(operation, running + 1)
      void perform(operation, due).then(() => background.set(operation, (background.get(operation) ?? 1) - 1))
    },
    undone: () => undone,
    async settle() {
      while (undone > 0) await sleep(20)
    },
  }
}

/** Closed loop: so many at a time, each as soon as the one before is done. */
export async function runClosed(next: () => Operation, performer: Performer, atOnce: number, until: number) {
  const loop = async () => {
    while (performance.now() < until) await performer.perform(next(), performance.now())
  }
  await Promise.all(Array.from({ length: atOnce }, loop))
}

/** Open loop: `rate` a second, whether those before are done or not. */
export async function runOpen(
  next: () => Operation,
  performer: Performer,
  tally: Tally,
  { rate, until }: { rate: number; until: number },
) {
  let due = performance.now()
  while (performance.now() < until) {
    for (const now = performance.now(); due <= now; due += 1000 / rate) {
      const operation = next()
      if (performer.undone() < MOST_UNDONE) void performer.perform(operation, due)
      else tally.didFail(operation.name, new Error('not begun: the server does not keep up'))
    }
    await sleep(TICK_MS)
  }
}
