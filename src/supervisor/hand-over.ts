import type { ChildProcess } from 'node:child_process'
import type { Logger } from 'pino'
import { spawnSuccessor } from './takeover.ts'

/** USR2 as the old supervisor sees it. */
export interface HandOver {
  begin(): void
  /** A successor lives and listens too, or will. */
  isUnderWay(): boolean
}

/** @param embedded a second supervisor can't own the embedded database, so a hand-over is refused. */
export function createHandOver(fd: number | undefined, log: Logger, embedded: boolean): HandOver {
  let successor: ChildProcess | undefined

  return {
    begin() {
      if (embedded) {
        log.error('A takeover (USR2) is not possible with the embedded database: one supervisor owns it. Use HUP')
        return
      }
      if (fd === undefined) {
        log.error(
          'A takeover (USR2) is for web servers: this one has no socket to hand over. Start another one instead',
        )
        return
      }
      if (successor) {
        log.error(`A takeover is under way already: the successor has pid ${successor.pid}`)
        return
      }
      const child = spawnSuccessor(fd)
      successor = child
      child.once('error', (error) => {
        successor = undefined
        log.error({ err: error }, 'The successor could not be started')
      })
      child.once('exit', (code, signal) => {
        successor = undefined
        log.warn({ ...(signal ? { signal } : { code }) }, `The successor with pid ${child.pid} has ended, we go on`)
      })
      child.unref()
      log.info(`The successor has pid ${child.pid}; when it serves, send TERM to ${process.pid}`)
    },
    isUnderWay: () => successor !== undefined,
  }
}
