import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isRunning, readPidFile } from '../../../src/db/postmaster.ts'

const run = promisify(execFile)
const folderName = /^ibutsu-faults-(\d+)$/

/** A file system of its own for a test's database, so that it can be full. */
export interface SmallDisk {
  readonly folder: string
  /** What it is: a loop device, or memory where there is none. */
  readonly kind: 'ext4' | 'tmpfs'
  /** Takes all that is left. */
  fill(): Promise<void>
  empty(): Promise<void>
  /** Takes it away, and everything on it. */
  remove(): Promise<void>
}

/** A folder of this process for what a test leaves on disk; those of processes that are gone are cleared away. */
export async function makeFolder(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const pid = folderName.exec(name)?.[1]
    if (pid === undefined || (await isRunning(Number(pid)))) continue
    for (const place of ['data', 'disk/data']) {
      const file = await readPidFile(join(tmpdir(), name, place, 'postgres'))
      if (file && (await isRunning(file.pid))) process.kill(file.pid, 'SIGKILL')
    }
    await run('umount', ['-l', join(tmpdir(), name, 'disk')]).catch(() => undefined)
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)
  }
  const folder = join(tmpdir(), `ibutsu-faults-${process.pid}`)
  await mkdir(folder, { recursive: true })
  // As root, PostgreSQL runs as another user.
  await chmod(folder, 0o755)
  return folder
}

/** On a loop device only what is written takes room; in memory, what fills it does too. */
const MEGABYTES = { ext4: 2_048, tmpfs: 768 }

/** Makes one below a folder. A text says why this machine cannot. */
export async function makeSmallDisk(parent: string): Promise<SmallDisk | string> {
  const folder = join(parent, 'disk')
  const image = join(parent, 'disk.image')
  if (process.getuid?.() !== 0) return 'a small file system can be mounted by root only'
  await mkdir(folder, { recursive: true })
  let kind: SmallDisk['kind'] = 'ext4'
  try {
    await run('truncate', ['-s', `${MEGABYTES.ext4}M`, image])
    // No blocks that only root may take: PostgreSQL is not root.
    await run('mkfs.ext4', ['-q', '-m', '0', image], { env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` } })
    await run('mount', ['-o', 'loop', image, folder])
  } catch (looped) {
    kind = 'tmpfs'
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES.tmpfs}m`, 'ibutsu-test', folder])
    } catch (error) {
      return `no small file system can be mounted: ${said(looped)}; ${said(error)}`
    }
  }
  await chmod(folder, 0o755)
  const filler = join(folder, 'filler')
  return {
    folder,
    kind,
    async fill() {
      // Whoever writes meanwhile takes some of it, and the last pieces come free one by one.
      for (let part = 0; part < 20; part++) {
        const { bavail, bsize } = await statfs(folder)
        if (bavail === 0) return
        await run('fallocate', ['-l', String(bavail * bsize), `${filler}.${part}`]).catch(() => undefined)
      }
    },
    async empty() {
      for (const name of await readdir(folder)) if (name.startsWith('filler')) await rm(join(folder, name))
    },
    async remove() {
      await run('umount', ['-l', folder])
    },
  }
}

const said = (error: unknown) => String(error instanceof Error && 'stderr' in error ? error.stderr : error).trim()
