import type { Socket } from 'node:net'
import type { Child } from './child.ts'

/*
 * Who gets which connection.
 *
 * The supervisor owns the listening socket for as long as it lives, and shares out accepted connections itself, as
 * node:cluster would (round robin, one at a time, the next after the worker said "taken"). Cluster's own way closes the
 * socket when its last worker is gone, so that a single worker that is killed takes the port and everybody in its queue
 * along (measured), and loses a connection that a dying worker had not taken.
 *
 * Invariant: until a worker has said "taken", the supervisor holds the connection open and gives it to another one when
 * that worker dies. Without a ready worker, connections wait here.
 */

interface Taker {
  readonly child: Child
  /** What was sent and not yet taken, in that order. */
  readonly offered: Socket[]
}

export interface ConnectionQueue {
  push(socket: Socket): void
  /** The worker is ready for connections. */
  add(child: Child): void
  /** The worker took the connection that it was offered. */
  taken(child: Child): void
  /** The worker gets no further connection; what it was offered, it may still take. */
  retire(child: Child): void
  /** The worker is gone; what it had not taken goes to the next. */
  lost(child: Child): void
  /** Before the last workers retire: gives them all that waits. What nobody can take is closed. */
  flush(): void
}

export function createConnectionQueue(): ConnectionQueue {
  const waiting: Socket[] = []
  const takers = new Map<Child, Taker>()
  /** Takers without an offer, the one that waits longest first. */
  const free: Taker[] = []
  const retired = new WeakSet<Taker>()

  function shareOut(): void {
    while (waiting.length > 0 && free.length > 0) offer(free.shift() as Taker, waiting.shift() as Socket)
  }
  function offer(taker: Taker, socket: Socket): void {
    taker.offered.push(socket)
    const handle = handleOf(socket)
    if (handle) taker.child.sendConnection(handle, () => takeBack(taker, socket))
    else takeBack(taker, socket)
  }
  /** It could not be sent: the worker is ending, or the client has closed the connection. */
  function takeBack(taker: Taker, socket: Socket): void {
    const at = taker.offered.indexOf(socket)
    if (at < 0) return
    taker.offered.splice(at, 1)
    if (handleOf(socket)) waiting.unshift(socket)
    else if (takers.has(taker.child) && !retired.has(taker)) free.unshift(taker)
    shareOut()
  }

  return {
    push(socket) {
      socket.on('error', () => undefined)
      waiting.push(socket)
      shareOut()
    },
    add(child) {
      const taker: Taker = { child, offered: [] }
      takers.set(child, taker)
      free.push(taker)
      shareOut()
    },
    taken(child) {
      const taker = takers.get(child)
      if (!taker) return
      taker.offered.shift()?.destroy()
      if (taker.offered.length === 0 && !retired.has(taker)) free.push(taker)
      shareOut()
    },
    retire(child) {
      const taker = takers.get(child)
      if (!taker) return
      retired.add(taker)
      const at = free.indexOf(taker)
      if (at >= 0) free.splice(at, 1)
    },
    lost(child) {
      const taker = takers.get(child)
      if (!taker) return
      this.retire(child)
      takers.delete(child)
      waiting.unshift(...taker.offered.splice(0))
      shareOut()
    },
    flush() {
      const ready = [...takers.values()].filter((taker) => !retired.has(taker))
      for (const [n, socket] of waiting.splice(0).entries()) {
        const taker = ready[n % ready.length]
        if (taker) offer(taker, socket)
        else socket.destroy()
      }
    },
  }
}

/** The libuv handle under a socket; node:net has no public name for it. */
function handleOf(socket: Socket): unknown {
  return '_handle' in socket ? socket._handle : undefined
}
