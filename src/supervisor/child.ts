import cluster, { type Worker } from 'node:cluster'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type ChildRole, type FromChild, isFromChild, type ToChild, watchdogFd } from './messages.ts'

/** A running child process. Its methods do nothing once it is gone. */
export interface Child {
  readonly pid: number
  send(message: ToChild): void
  /** Hands an accepted connection over; `onLost` is called when it could not be sent. */
  sendConnection(handle: unknown, onLost: () => void): void
  /** Asks the watchdog thread for the stack of the main thread. */
  askStack(onStack: (stack: string) => void): void
  kill(signal: NodeJS.Signals): void
}

export interface ChildEvents {
  onMessage(message: FromChild): void
  onExit(code: number | null, signal: NodeJS.Signals | null): void
}

export interface ForkOptions {
  readonly role: ChildRole
  /** GUNICORN_THREADS. */
  readonly threads: number
}

/**
 * V8 by default lets young objects take three times 16 MiB, a third of a worker's memory: after 1,000 mixed requests it
 * has 134 MB, with this 86 MB (measured).
 */
const maxYoungSpace = '--max-semi-space-size=8'

/**
 * V8 by default lets old objects grow to four times of what lives, when there is much to do: 115 MB where 35 live. Buffers
 * it counts apart: those that are done with may be 64 MB before it looks. With one limit for both, at 1.9 times, a worker
 * under load holds 17 MB less at its peak, and a request costs no more CPU time (measured; with 1.4 times for objects alone
 * it costs a third more).
 */
const oldGrowth = ['--heap-growing-percent=90', '--external-memory-accounted-in-global-limit']

/**
 * glibc raises these thresholds by itself once large buffers have come and gone, and keeps those that follow: with 1,000
 * connections, uploads and large answers a worker then held 50 MB more at its peak. With 64 kB, which is what Node reads from
 * a socket at once, a worker still held 201 MB after 500 clients had read and written at once, with 16 kB 151. The CPU time per
 * request was the same (measured, docs/soak.md). What the operator has set stays.
 */
const memoryReturn = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '16384',
  MALLOC_TRIM_THRESHOLD_: '65536',
}

/**
 * Forks a child through node:cluster, which the metrics rely on. Cluster does not share the listening socket out,
 * connection-queue.ts does. The child's Node starts with a thread pool of max(4, 4 × threads) (design.md, Numbers).
 */
export function forkChild({ role, threads }: ForkOptions, events: ChildEvents): Child {
  cluster.setupPrimary({
    exec: fileURLToPath(new URL('../start.js', import.meta.url)),
    args: ['child', role],
    execArgv: [...process.execArgv, maxYoungSpace, ...oldGrowth],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    serialization: 'json',
  })
  const worker = cluster.fork({ ...memoryReturn, ...process.env, UV_THREADPOOL_SIZE: Math.max(4, 4 * threads) })
  // Failing to write to a child that is ending is no news; its exit is.
  worker.on('error', () => undefined)
  const watchdog = worker.process.stdio[watchdogFd] as Duplex | undefined
  watchdog?.on('error', () => undefined)
  worker.on('message', (message: unknown) => {
    if (isFromChild(message)) events.onMessage(message)
  })
  worker.process.once('exit', (code, signal) => {
    watchdog?.destroy()
    events.onExit(code, signal)
  })
  return {
    pid: worker.process.pid ?? 0,
    send: (message) => post(worker, message),
    sendConnection: (handle, onLost) => post(worker, { type: 'connection' }, handle, onLost),
    askStack(onStack) {
      let text = ''
      watchdog?.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (text.endsWith('\0')) onStack(text.slice(0, -1))
      })
      watchdog?.write('stack')
    },
    kill: (signal) => void worker.process.kill(signal),
  }
}

function post(worker: Worker, message: ToChild, handle?: unknown, onLost?: () => void): void {
  if (!worker.isConnected()) {
    onLost?.()
    return
  }
  // Its type only knows sockets; a bare handle is what cluster itself sends and costs no object on this side.
  worker.process.send(message, handle as never, (error: Error | null) => {
    if (error) onLost?.()
  })
}
