/*
 * What the arbiter should do next, as a pure function of what it knows. Its states and rules: arbiter.ts.
 */

export type WorkerRole = 'web' | 'job'
export type WorkerState = 'booting' | 'ready' | 'draining' | 'late' | 'dead'

/** Why a ready worker is to be replaced; also the reason that metrics count. */
export type RetireReason = 'memory' | 'max-requests' | 'asked'

/** One worker as the decision sees it. All times are milliseconds of one monotonic clock. */
export interface WorkerView {
  readonly id: number
  readonly role: WorkerRole
  readonly state: WorkerState
  readonly generation: number
  /** When the last heartbeat came; the fork counts as one. */
  readonly beatAt: number
  /** Over a limit: it goes as soon as another one can take its place. */
  readonly retire?: RetireReason | undefined
  /** In state late: since when, and whether its stack is in the log. */
  readonly lateAt?: number | undefined
  readonly stackLogged?: boolean
  /** In state draining: when it is killed. */
  readonly killAt?: number | undefined
}

export interface Wanted {
  readonly counts: Readonly<Record<WorkerRole, number>>
  /** Workers of another generation have old settings or code and are to be replaced. */
  readonly generation: number
  /** The whole server stops: nothing is booted, everything drains. */
  readonly stopping: boolean
  /** Nothing is booted before this moment (crash loops back off). */
  readonly bootAt: number
  /** A heartbeat older than this means a hung event loop; 0 is never. */
  readonly workerTimeoutMs: number
}

export type Action =
  | { readonly do: 'boot'; readonly role: WorkerRole }
  | { readonly do: 'drain'; readonly id: number }
  | { readonly do: 'ask-stack'; readonly id: number }
  | { readonly do: 'kill'; readonly id: number; readonly reason: 'hung' | 'drain-timeout' }

/** How long a late worker's watchdog has for the stack; on a machine at its limits it needs seconds. */
export const stackPatienceMs = 8_000

/** Decides without side effects; applying the actions and asking again gives no action (until something changes). */
export function reconcile(workers: readonly WorkerView[], wanted: Wanted, now: number): Action[] {
  const actions = workers.flatMap((worker) => watch(worker, wanted, now))
  for (const role of ['web', 'job'] as const) {
    const own = workers.filter((worker) => worker.role === role)
    actions.push(...(wanted.stopping ? drainAll(own) : replace(own, role, wanted, now)))
  }
  return actions
}

/** Late workers and those that do not end. */
function watch(worker: WorkerView, wanted: Wanted, now: number): Action[] {
  const { id, state } = worker
  if (state === 'late') {
    const over = worker.stackLogged || now - (worker.lateAt ?? now) >= stackPatienceMs
    return over ? [{ do: 'kill', id, reason: 'hung' }] : []
  }
  if (state === 'draining') {
    return now >= (worker.killAt ?? Number.POSITIVE_INFINITY) ? [{ do: 'kill', id, reason: 'drain-timeout' }] : []
  }
  if (state === 'dead' || wanted.workerTimeoutMs === 0) return []
  return now - worker.beatAt > wanted.workerTimeoutMs ? [{ do: 'ask-stack', id }] : []
}

const drainAll = (workers: readonly WorkerView[]): Action[] =>
  workers.filter(({ state }) => state === 'booting' || state === 'ready').map(({ id }) => ({ do: 'drain', id }))

function replace(workers: readonly WorkerView[], role: WorkerRole, wanted: Wanted, now: number): Action[] {
  const count = wanted.counts[role]
  const isFresh = (worker: WorkerView) => worker.generation === wanted.generation && worker.retire === undefined
  const booting = workers.filter(({ state }) => state === 'booting')
  const ready = workers.filter(({ state }) => state === 'ready')
  const actions: Action[] = []

  // Ready ones beyond the wanted number go: the outdated first, then the oldest. One in boot does not count yet, so a
  // replacement is ready before its predecessor drains.
  const leaving = [...ready].sort((a, b) => Number(isFresh(a)) - Number(isFresh(b)) || a.id - b.id)
  for (const { id } of leaving.slice(0, Math.max(0, ready.length - count))) actions.push({ do: 'drain', id })
  // One that boots with old settings is of no use to anybody.
  for (const worker of booting) if (!isFresh(worker)) actions.push({ do: 'drain', id: worker.id })

  const fresh = [...booting, ...ready].filter(isFresh)
  const missing = Math.max(0, count - fresh.length)
  if (missing === 0 || now < wanted.bootAt) return actions
  // While outdated workers serve, one is replaced at a time: a reload must not double the memory of all.
  const outdated = ready.some((worker) => !isFresh(worker))
  const boots = outdated ? Math.min(missing, Math.max(0, 1 - booting.filter(isFresh).length)) : missing
  for (let n = 0; n < boots; n++) actions.push({ do: 'boot', role })
  return actions
}
