import pino, { type Logger } from 'pino'
import type { Config } from '../config.ts'

/** The process's own log: JSON lines on standard error. Requests are logged apart, on standard output. */
export function createLog(config: Config): Logger {
  return pino(
    { level: config.logLevel, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}
