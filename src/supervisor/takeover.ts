import { type ChildProcess, spawn } from 'node:child_process'

/*
 * USR2: a new supervisor, with new code, takes over the listening socket while the old one still serves. Both accept;
 * TERM to the old one then leaves everything to the new one. If the new one is no good, TERM to it takes it back.
 */

const fdVariable = 'IBUTSU_LISTEN_FD'
const pidVariable = 'IBUTSU_PREDECESSOR'
const inheritedFd = 3

/** Starts the successor with the same command line. */
export function spawnSuccessor(fd: number): ChildProcess {
  const { execPath, execArgv, argv, env } = process
  return spawn(execPath, [...execArgv, ...argv.slice(1)], {
    env: { ...env, [fdVariable]: String(inheritedFd), [pidVariable]: String(process.pid) },
    stdio: ['inherit', 'inherit', 'inherit', fd],
    detached: true,
  })
}

/** What a start inherits: a socket of a predecessor (USR2) or of systemd (LISTEN_FDS). */
export interface Inheritance {
  readonly fd?: number
  readonly predecessor?: number
}

/** Reads the inheritance and takes it out of the environment, which the children get. */
export function takeInheritance(env: NodeJS.ProcessEnv = process.env, pid = process.pid): Inheritance {
  const { [fdVariable]: fd, [pidVariable]: predecessor, LISTEN_FDS: count, LISTEN_PID: owner } = env
  for (const name of [fdVariable, pidVariable, 'LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES']) delete env[name]
  if (fd && predecessor) return { fd: Number(fd), predecessor: Number(predecessor) }
  // systemd's protocol: the sockets begin at 3 and are meant for this process only.
  return Number(count) > 0 && Number(owner) === pid ? { fd: inheritedFd } : {}
}

/** Calls back once when the predecessor has ended. */
export function whenAlone(predecessor: number, callBack: () => void): void {
  const timer = setInterval(() => {
    if (process.ppid === predecessor) return
    clearInterval(timer)
    callBack()
  }, 200)
  timer.unref()
}
