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

/** Lines of a busy log wait this long at most. */
const holdMs = 100
/** A pipe takes this many bytes whole (PIPE_BUF), so that lines of several processes never mix. */
const pipeBytes = 4_096
/** Lines are collected until a further one might not fit. */
const enoughBytes = 3_500

/**
 * Opens standard output (1), standard error (2) or a file to append to, whose folder is made.
 *
 * @param setting names the setting in the message of an error.
 * @param sync false collects lines for a moment, for a log of many lines: a write of its own takes a line longer than all
 *   else that is done for it. What is held back when the process exits is written then.
 * @throws ConfigError when the file can't be written.
 */
export function openDestination(dest: 1 | 2 | string, setting: string, { sync }: { sync: boolean }): Destination {
  try {
    const fd = typeof dest === 'number' ? dest : openFile(dest)
    if (sync) {
      const file = pino.destination({ dest: fd, sync })
      return { write: (line) => void file.write(line), flush: () => file.flushSync() }
    }
    const file = pino.destination({ dest: fd, sync, minLength: enoughBytes, maxWrite: pipeBytes })
    let held = false
    const release = () => {
      held = false
      file.flush()
    }
    return {
      write(line) {
        file.write(line)
        if (!held) setTimeout(release, holdMs).unref()
        held = true
      },
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
