import type { Logger } from 'pino'
import { type Child, type ChildEvents, type ForkOptions, forkChild } from './child.ts'
import type { ConnectionQueue } from './connection-queue.ts'
import { createCrashBackoff } from './crash-backoff.ts'
import { exitCodes } from './exit-codes.ts'
import type { FromChild } from './messages.ts'
import type { Plan } from './plan.ts'
import { type Action, reconcile, type WorkerRole, type WorkerState } from './reconcile.ts'
import { createRecord, drawMaxRequests, type WorkerRecord } from './worker-record.ts'

/*
 * The arbiter keeps as many workers as are wanted, of the newest generation, alive and well. Signals and events of
 * workers only change what it knows or wants, and wake it; one loop asks `reconcile` what to do and does it.
 *
 *   state     entered when                                      left when
 *   booting   it is forked                                      it says `ready` → ready; its process ends → dead;
 *                                                               it is outdated or the server stops → draining
 *   ready     it said `ready`; a web worker gets connections    it is surplus (reload, TTOU, a limit) or the server
 *                                                               stops → draining; no heartbeat for WORKER_TIMEOUT → late
 *   draining  it was told to; it gets no new connections,       its process ends → dead; at the deadline it is killed
 *             but the one it was offered it may still take
 *   late      its event loop stands still; its watchdog         its process ends → dead; it is killed when the stack is
 *             was asked for the stack                           in the log, at the latest after 2 s
 *   dead      its process ended                                 never: it is forgotten
 *
 * Invariants:
 * - As many ready workers as are wanted keep serving through a reload: a new one is ready before an old one drains.
 * - A generation that cannot boot never replaces one that serves: the reload is taken back and logged.
 * - Nobody who could not boot is tried again while nobody serves: the program ends with the error (workerBoot).
 * - A worker that ends without having been told to is logged and counted, and the next boot backs off.
 * - The stop is final: once it has begun nothing boots, and a second, quicker one may only shorten it.
 */

export interface ArbiterOptions {
  readonly log: Logger
  readonly queue: ConnectionQueue
  readonly plan: Plan
  /** A worker is replaced, for the metrics. */
  readonly onRestart: (role: WorkerRole, reason: string) => void
  /** When the workers may open what they need (the database is ready). Until then they only load their code. */
  readonly assigned: Promise<void>
  readonly fork?: (options: ForkOptions, events: ChildEvents) => Child
}

/** A worker for people and metrics. */
export interface WorkerInfo {
  readonly pid: number
  readonly role: WorkerRole
  readonly state: WorkerState
}

/** Why it ended; a message is for the last line of the log. */
export interface Ending {
  readonly code: number
  readonly message?: string
}

export interface Arbiter {
  /** Replaces every worker by one of this plan, one after the other. */
  reload(plan: Plan): void
  /** One web worker more or less; at least one stays. */
  addWorkers(count: 1 | -1): void
  /** Everything ends; requests under way have this long. May be called again with less. */
  stop(graceMs: number): void
  workers(): readonly WorkerInfo[]
  /** Resolves with the exit code when all workers are gone after a stop or a fatal boot failure. */
  readonly ended: Promise<Ending>
}

const tickMs = 500
/** Who sends TERM to all processes at once (systemd) means us: then there is a stop by then. */
const retirePatienceMs = 250
/** A worker that is told to end has this much more than its requests, to close its pools. */
const closingMs = 3_000

export function createArbiter(options: ArbiterOptions): Arbiter {
  const { log, queue, fork = forkChild } = options
  const workers = new Map<number, WorkerRecord>()
  const backoff = createCrashBackoff()
  const ended = Promise.withResolvers<Ending>()
  let plan = options.plan
  let previous: { plan: Plan; generation: number } | undefined
  let generation = 1
  let lastGeneration = 1
  let lastId = 0
  let extra = 0
  let bootAt = 0
  let stopGraceMs: number | undefined
  let ending: Ending = { code: exitCodes.stopped }
  let woken = false

  const now = () => performance.now()
  const timer = setInterval(wake, tickMs)

  function wake(): void {
    if (woken) return
    woken = true
    setImmediate(() => {
      woken = false
      tick()
    })
  }

  function tick(): void {
    const { counts, workerTimeoutMs } = plan.limits
    const web = counts.web === 0 ? 0 : Math.max(1, counts.web + extra)
    const wanted = {
      counts: { web, job: counts.job },
      generation,
      stopping: stopGraceMs !== undefined,
      bootAt,
      workerTimeoutMs,
    }
    for (const action of reconcile([...workers.values()], wanted, now())) act(action)
    if (previous && [...workers.values()].every((worker) => isSettled(worker))) previous = undefined
    if (stopGraceMs === undefined || workers.size > 0) return
    clearInterval(timer)
    ended.resolve(ending)
  }
  /** Nothing of an older generation serves any more, so a reload can't be taken back. */
  const isSettled = (worker: WorkerRecord) => worker.generation === generation && worker.state !== 'booting'

  function act(action: Action): void {
    if (action.do === 'boot') {
      boot(action.role)
      return
    }
    const worker = workers.get(action.id)
    if (!worker) return
    if (action.do === 'drain') drain(worker, stopGraceMs ?? plan.limits.gracefulTimeoutMs)
    else if (action.do === 'ask-stack') askStack(worker)
    else kill(worker, action.reason)
  }

  function boot(role: WorkerRole): void {
    const id = ++lastId
    const { limits } = plan
    const child = fork(
      { role, threads: limits.threads },
      { onMessage: (message) => receive(worker, message), onExit: (code, signal) => bury(worker, code, signal) },
    )
    const worker = createRecord({ id, role, generation, child, maxRequests: drawMaxRequests(limits) })
    workers.set(id, worker)
    log.info(`Booting worker with pid: ${child.pid}`)
    const { assignment } = plan
    void options.assigned.then(() => {
      worker.beatAt = now()
      child.send({ type: 'start', assignment })
    })
  }

  function receive(worker: WorkerRecord, message: FromChild): void {
    if (message.type === 'taken') {
      queue.taken(worker.child)
      return
    }
    if (message.type === 'failed') worker.failure = message.message
    if (message.type === 'retire') setTimeout(() => retireAsked(worker), retirePatienceMs)
    if (message.type === 'heartbeat') checkLimits(worker, message)
    if (message.type === 'ready' && worker.state === 'booting') {
      worker.state = 'ready'
      if (worker.role === 'web') queue.add(worker.child)
      log.debug({ role: worker.role }, `Worker with pid ${worker.child.pid} is ready`)
    }
    wake()
  }

  function retireAsked(worker: WorkerRecord): void {
    worker.retire ??= 'asked'
    wake()
  }

  function checkLimits(worker: WorkerRecord, { rss, requests }: { rss: number; requests: number }): void {
    worker.beatAt = now()
    worker.rss = rss
    const { memoryBytes } = plan.limits
    const { pid } = worker.child
    if (worker.state !== 'ready' || worker.retire) return
    if (memoryBytes > 0 && rss > memoryBytes) {
      worker.retire = 'memory'
      log.warn({ rss, limit: memoryBytes }, `Worker with pid ${pid} is over its memory limit and is replaced`)
    } else if (worker.maxRequests > 0 && requests >= worker.maxRequests) {
      worker.retire = 'max-requests'
      log.info({ requests }, `Worker with pid ${pid} has served its number of requests and is replaced`)
    }
  }

  function drain(worker: WorkerRecord, graceMs: number): void {
    worker.state = 'draining'
    worker.killAt = now() + graceMs + closingMs
    queue.retire(worker.child)
    if (stopGraceMs !== undefined) worker.child.send({ type: 'draining' })
    worker.child.send({ type: 'drain', graceMs })
  }

  function askStack(worker: WorkerRecord): void {
    const { pid } = worker.child
    worker.state = 'late'
    worker.lateAt = now()
    queue.retire(worker.child)
    log.error({ role: worker.role }, `Worker with pid ${pid} does not answer, its event loop stands still`)
    worker.child.askStack((stack) => {
      log.error({ stack }, `Worker with pid ${pid} was here:`)
      worker.stackLogged = true
      wake()
    })
  }

  function kill(worker: WorkerRecord, reason: string): void {
    worker.killReason ??= reason
    worker.child.kill('SIGKILL')
  }

  function bury(worker: WorkerRecord, code: number | null, signal: NodeJS.Signals | null): void {
    const { role, child } = worker
    const was = worker.state
    worker.state = 'dead'
    workers.delete(worker.id)
    queue.lost(child)
    wake()
    if (was === 'draining' && code === 0) {
      log.info({ role }, `Worker with pid ${child.pid} has ended`)
      if (stopGraceMs === undefined) options.onRestart(role, worker.retire ?? 'reload')
      return
    }
    const reason = worker.killReason ?? (was === 'booting' && !signal ? 'boot' : 'crash')
    log.warn({ role, reason, ...(signal ? { signal } : { code }) }, `Worker with pid ${child.pid} was terminated`)
    options.onRestart(role, reason)
    if (was !== 'draining') bootAt = backoff.crashed(now())
    if (reason === 'boot' && stopGraceMs === undefined) noteBootFailure(worker, code)
  }

  function noteBootFailure({ role, generation: failed, failure }: WorkerRecord, code: number | null): void {
    const text = failure ?? `its process ended with exit code ${code}`
    if (previous && failed === generation) {
      log.error(`The reload failed, the old workers stay: ${text}`)
      ;({ plan, generation } = previous)
      previous = undefined
      return
    }
    const others = [...workers.values()].some((worker) => worker.role === role && worker.state === 'ready')
    const message = `A ${role} worker failed to boot: ${text}`
    log.error(message)
    if (others) return
    ending = { code: exitCodes.workerBoot, message }
    stop(0)
  }

  function stop(graceMs: number): void {
    stopGraceMs = Math.min(stopGraceMs ?? graceMs, graceMs)
    for (const worker of workers.values()) {
      // A quicker stop overtakes the drain under way.
      if (worker.state === 'draining') drain(worker, stopGraceMs)
    }
    wake()
  }

  wake()
  return {
    reload(next) {
      const serves = [...workers.values()].some((worker) => worker.state === 'ready')
      if (serves) previous ??= { plan, generation }
      plan = next
      generation = ++lastGeneration
      extra = 0
      wake()
    },
    addWorkers(count) {
      extra = Math.max(1 - plan.limits.counts.web, extra + count)
      wake()
    },
    stop,
    workers: () => [...workers.values()].map(({ child, role, state }) => ({ pid: child.pid, role, state })),
    ended: ended.promise,
  }
}
