import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { ExitError, exitCodes } from './exit-codes.ts'

/** The file that holds the supervisor's process id. */
export interface PidFile {
  /** A successor becomes the one and only: its file takes the plain name. */
  promote(): void
  /** Removes it, unless somebody else's id is in it by now. */
  remove(): void
}

/**
 * Writes the process id to `path`; a successor that does not rule alone yet (USR2) writes `path.2`.
 *
 * @throws ExitError when another process that runs has its id in it, or it can't be written.
 */
export function writePidFile(path: string, { successor }: { readonly successor: boolean }): PidFile {
  let current = successor ? `${path}.2` : path
  const other = readPid(current)
  if (other !== undefined && other !== process.pid && isAlive(other)) {
    throw new ExitError(exitCodes.settings, `PID_FILE: another server runs already with pid ${other} (${current})`)
  }
  try {
    writeFileSync(current, `${process.pid}\n`, { mode: 0o644 })
  } catch (error) {
    throw new ExitError(exitCodes.settings, `PID_FILE: cannot write ${current}: ${(error as Error).message}`)
  }
  return {
    promote() {
      if (current === path) return
      renameSync(current, path)
      current = path
    },
    remove() {
      if (readPid(current) === process.pid) unlinkSync(current)
    },
  }
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim())
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
