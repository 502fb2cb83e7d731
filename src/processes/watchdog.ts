import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { watchdogFd } from '../supervisor/messages.ts'

/**
 * Starts the thread that can tell where the main thread hangs (watchdog-thread.js). It takes about 10 MB; call it after
 * everything else, so that it costs no time before the first request.
 */
export function startWatchdog(log: Logger): void {
  const thread = new Worker(new URL('./watchdog-thread.js', import.meta.url), {
    workerData: { fd: watchdogFd },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
    execArgv: [],
    stdout: false,
    stderr: false,
  })
  thread.unref()
  thread.on('error', (error) => log.warn({ err: error }, 'the watchdog thread ended'))
}
