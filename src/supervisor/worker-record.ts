import type { Child } from './child.ts'
import type { Limits } from './plan.ts'
import type { RetireReason, WorkerRole, WorkerState } from './reconcile.ts'

/** What the arbiter knows of a worker; only the arbiter changes it. Its states: arbiter.ts. */
export interface WorkerRecord {
  readonly id: number
  readonly role: WorkerRole
  readonly generation: number
  readonly child: Child
  readonly maxRequests: number
  state: WorkerState
  beatAt: number
  rss: number
  retire: RetireReason | undefined
  lateAt: number | undefined
  stackLogged: boolean
  killAt: number | undefined
  /** Why we killed it. */
  killReason: string | undefined
  failure: string | undefined
}

type Fixed = Pick<WorkerRecord, 'id' | 'role' | 'generation' | 'child' | 'maxRequests'>

/** A worker that was forked just now. */
export const createRecord = (fixed: Fixed): WorkerRecord => ({
  ...fixed,
  state: 'booting',
  // It is not late before it has something to do.
  beatAt: Number.POSITIVE_INFINITY,
  rss: 0,
  retire: undefined,
  lateAt: undefined,
  stackLogged: false,
  killAt: undefined,
  killReason: undefined,
  failure: undefined,
})

/** After how many requests a worker is replaced, by chance a few more so that not all go at once; 0 is never. */
export function drawMaxRequests({ maxRequests, maxRequestsJitter }: Limits): number {
  return maxRequests === 0 ? 0 : maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1))
}
