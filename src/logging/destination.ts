import { existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import pino from 'pino'
import { ConfigError } from '../settings/config-error.ts'

/** A place that lines are written to. */
export interface Destination {
  write(line: string): void
  /** Writes at once what is still held back. */
  flush(): void
}

/**
 * Opens standard output (1), standard error (2) or a file to append to, whose folder is made.
 *
 * @param setting names the setting in the message of an error.
 * @param sync false collects lines until the event loop is free, for a log of many lines.
 * @throws ConfigError when the file can't be written.
 */
export function openDestination(dest: 1 | 2 | string, setting: string, { sync }: { sync: boolean }): Destination {
  try {
    const file = pino.destination({ dest: typeof dest === 'number' ? dest : openFile(dest), sync })
    return {
      write: (line) => void file.write(line),
      flush: () => file.flushSync(),
    }
  } catch (error) {
    throw new ConfigError(`${setting}: cannot write ${dest} (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** Makes the file's folder, but no folder above it: in /proc Node's recursive mkdir never returns. */
function openFile(path: string): number {
  const folder = dirname(path)
  if (!existsSync(folder)) mkdirSync(folder)
  return openSync(path, 'a')
}
