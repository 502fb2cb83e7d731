import { type ChildEvents, forkChild } from './child.ts'
import { ExitError, exitCodes } from './exit-codes.ts'
import type { Assignment } from './messages.ts'

/** The process that brings the database up to date (src/processes/prepare-process.ts). */
export interface Preparation {
  /**
   * Resolves when others may serve. The process may go on with index builds.
   *
   * @throws ExitError with the code that the process ended with.
   */
  readonly ready: Promise<void>
  /** Ends it; `ready` then never settles, unless it has. */
  cancel(): void
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>
}

/** Starts it. */
export function startPreparation(assignment: Assignment, threads: number): Preparation {
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  let failure: { readonly message: string; readonly code: number } | undefined
  let cancelled = false
  const events: ChildEvents = {
    onMessage(message) {
      if (message.type === 'ready') ready.resolve()
      if (message.type === 'failed') failure = message
    },
    onExit(code, signal) {
      ended.resolve()
      const text = failure?.message ?? `Preparing the database ended with ${signal ?? `exit code ${code}`}`
      if (!cancelled) ready.reject(new ExitError(failure?.code ?? exitCodes.unexpected, text))
    },
  }
  const child = forkChild({ role: 'prepare', threads }, events)
  child.send({ type: 'start', assignment })
  return {
    ready: ready.promise,
    ended: ended.promise,
    cancel() {
      cancelled = true
      child.kill('SIGKILL')
    },
  }
}
