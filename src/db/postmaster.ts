import { readdir, readFile, readlink, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What `postmaster.pid` of a cluster tells. The file outlives a postmaster that was killed. */
export interface PidFile {
  readonly pid: number
  /** Missing in the first moments of a start. */
  readonly port: number | undefined
}

/** @returns undefined when there is no such file, or not yet a readable one. */
export async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  // A negative number belongs to a stand-alone backend.
  const pid = Math.abs(Number(lines[0]))
  if (!Number.isInteger(pid) || pid === 0) return undefined
  const port = Number(lines[3])
  return { pid, port: Number.isInteger(port) && port > 0 ? port : undefined }
}

/**
 * Removes a `postmaster.pid` whose postmaster is provably gone, and says whether it did. PostgreSQL itself refuses to
 * start beside a zombie or a stranger with the same process id. Gone means: the process named in the file does not run
 * in the cluster, and no other process does (a backend may outlive its postmaster for a moment, and a second postmaster
 * beside it would damage the data). Where there is no /proc nothing is provable and nothing is removed.
 */
export async function removeStalePidFile(cluster: string): Promise<boolean> {
  const pids: string[] = await readdir('/proc').catch(() => [])
  if (!pids.includes(String(process.pid))) return false
  const { uid } = await stat(cluster)
  const home = await realpath(cluster)
  for (const pid of pids.filter((name) => /^\d+$/.test(name))) {
    if (await mayRunIn(pid, home, uid)) return false
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true })
  return true
}

/** Whether a process works in the folder, as every process of a cluster does, or may do so for all that we can see. */
async function mayRunIn(pid: string, home: string, uid: number): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === home
  } catch {
    // Zombies and kernel threads have none, and processes that ended meanwhile. Unreadable ones are of other users.
    const owner = await stat(`/proc/${pid}`).catch(() => undefined)
    return owner !== undefined && owner.uid === uid && !(await isZombie(pid))
  }
}

async function isZombie(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The command's name stands in parentheses and may hold any character.
  const state = status.slice(status.lastIndexOf(')') + 2)[0]
  return state === undefined || state === 'Z' || state === 'X'
}

/** Whether the process runs; a zombie does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  const seen = await stat(`/proc/${pid}/stat`).catch(() => undefined)
  return seen === undefined || !(await isZombie(String(pid)))
}
