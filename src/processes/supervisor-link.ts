import { type Assignment, type FromChild, heartbeatMs, isToChild, type ToChild } from '../supervisor/messages.ts'

/** The child's end of the channel to the supervisor. */
export interface SupervisorLink {
  /** Resolves with what the supervisor wants done, once the database is ready. */
  readonly assignment: Promise<Assignment>
  /** `onSent` is called when it is out, or cannot be sent. */
  send(message: FromChild, onSent?: () => void): void
  onConnection(take: (handle: unknown) => void): void
  /** `drain` with how long requests may go on; also called, with a short time, when the supervisor is gone. */
  onDrain(drain: (graceMs: number) => void): void
  onServerDraining(note: () => void): void
  /** Sends heartbeats from the event loop from now on. */
  beat(requests: () => number): void
}

/** How long requests may go on when the supervisor died: nobody accepts connections any more, a new start waits. */
const orphanGraceMs = 5_000

export function linkToSupervisor(): SupervisorLink {
  const assignment = Promise.withResolvers<Assignment>()
  let take: ((handle: unknown) => void) | undefined
  let drain: ((graceMs: number) => void) | undefined
  let note: (() => void) | undefined

  const send = (message: FromChild, onSent = () => {}) => {
    if (process.connected) process.send?.(message, undefined, undefined, onSent)
    else onSent()
  }
  const startDrain = (graceMs: number) => {
    // Before it serves there is nothing to finish.
    if (drain) drain(graceMs)
    else process.exit(0)
  }
  process.on('message', (message: unknown, handle: unknown) => {
    if (!isToChild(message)) return
    receive(message, handle)
  })
  function receive(message: ToChild, handle: unknown): void {
    if (message.type === 'start') assignment.resolve(message.assignment)
    else if (message.type === 'drain') startDrain(message.graceMs)
    else if (message.type === 'draining') note?.()
    else {
      take?.(handle)
      send({ type: 'taken' })
    }
  }
  // The supervisor decides about these children; a Ctrl-C at a terminal reaches the whole group.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  process.on('SIGTERM', () => send({ type: 'retire' }))
  onOrphaned(() => startDrain(orphanGraceMs))

  return {
    assignment: assignment.promise,
    send,
    onConnection: (listener) => {
      take = listener
    },
    onDrain: (listener) => {
      drain = listener
    },
    onServerDraining: (listener) => {
      note = listener
    },
    beat(requests) {
      const beatNow = () => send({ type: 'heartbeat', rss: process.memoryUsage.rss(), requests: requests() })
      beatNow()
      setInterval(beatNow, heartbeatMs).unref()
    },
  }
}

/** Calls back when the supervisor died: then its channel closes. */
function onOrphaned(callBack: () => void): void {
  process.once('disconnect', callBack)
}
