import pino, { type Logger } from 'pino'
import type { Config } from '../config.ts'
import { type Destination, openDestination } from './destination.ts'
import { gunicornLine } from './gunicorn-line.ts'
import { redactLine } from './redact.ts'

type LogSettings = Pick<Config, 'logLevel' | 'logFormat' | 'errorLog'>

/**
 * A process's own log, on standard error or in the file of ERROR_LOG: gunicorn's lines, or JSON lines. Lines are written
 * before the call returns, so that the last words of a process that ends are not lost. Requests are logged apart
 * (src/http/access-log.ts).
 *
 * @param name says in JSON lines which kind of process speaks.
 * @throws ConfigError when the file can't be written.
 */
export function createLog(
  { logLevel, logFormat, errorLog }: LogSettings,
  name?: string,
  destination: Destination = openDestination(errorLog === '-' ? 2 : errorLog, 'ERROR_LOG', { sync: true }),
): Logger {
  const { pid } = process
  const base = logFormat === 'json' ? { pid, ...(name ? { process: name } : {}) } : null
  return pino(
    { level: logLevel, base, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write(line: string) {
        const safe = redactLine(line)
        destination.write(logFormat === 'json' ? safe : gunicornLine(safe, pid))
      },
    },
  )
}
