import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type Binaries,
  checkReach,
  EmbeddedError,
  findBinaries,
  findIdentity,
  type Identity,
} from './embedded-binaries.ts'
import { isRunning } from './postmaster.ts'

const run = promisify(execFile)
const logLimitBytes = 10 * 1024 * 1024

/** The superuser of the cluster and the database in it. */
export const embeddedUser = 'ibutsu'

/** A cluster on disk, ready to be run. */
export interface Cluster {
  readonly folder: string
  readonly logFile: string
  readonly password: string
  readonly binaries: Binaries
  readonly identity: Identity
  /** Settings of the server besides ours, `name=value`. */
  readonly settings: readonly string[]
}

export interface ClusterOptions {
  readonly dataDir: string
  readonly settings?: readonly string[]
}

/**
 * Opens the cluster in `dataDir`/postgres and makes it when it is missing. Making happens beside its place and ends in a
 * rename, so a start that is killed leaves no half-made cluster, and of two first starts one wins.
 * @throws EmbeddedError when this machine or folder cannot run one
 */
export async function openCluster({ dataDir, settings = [] }: ClusterOptions): Promise<Cluster> {
  const binaries = await findBinaries()
  const folder = join(dataDir, 'postgres')
  await mkdir(dataDir, { recursive: true })
  const identity = await findIdentity(folder)
  await checkReach(folder, identity)
  await checkReach(binaries.postgres, identity)
  if (!(await exists(join(folder, 'PG_VERSION')))) await makeCluster(dataDir, folder, binaries, identity, settings)
  const password = await readFile(passwordFile(folder), 'utf8').catch((cause) => {
    throw new EmbeddedError(`${passwordFile(folder)} cannot be read`, { cause })
  })
  return { folder, logFile: join(dataDir, 'postgres.log'), password: password.trim(), binaries, identity, settings }
}

const exists = (path: string): Promise<boolean> => stat(path).then(Boolean, () => false)
const passwordFile = (folder: string): string => join(folder, 'ibutsu.password')
const portFile = (folder: string): string => join(folder, 'ibutsu.port')

async function makeCluster(
  dataDir: string,
  folder: string,
  { initdb }: Binaries,
  identity: Identity,
  settings: readonly string[],
): Promise<void> {
  const unfinished = /^postgres\.new-(\d+)(\.password)?$/
  for (const name of await readdir(dataDir)) {
    const pid = unfinished.exec(name)?.[1]
    if (pid === undefined || (await isRunning(Number(pid)))) continue
    // The initdb of a killed start may still be writing.
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 })
  }
  const draft = join(dataDir, `postgres.new-${process.pid}`)
  const pwfile = `${draft}.password`
  const password = randomBytes(18).toString('base64url')
  try {
    await writeOwned(pwfile, password, identity)
    await mkdir(draft, { mode: 0o700 })
    if (identity !== undefined) await chown(draft, identity.uid, identity.gid)
    await run(
      initdb,
      [
        `--pgdata=${draft}`,
        `--username=${embeddedUser}`,
        `--pwfile=${pwfile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // PostgreSQL's own C.UTF-8: machines differ in the locales they have.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        ...(settings.includes('fsync=off') ? ['--no-sync'] : []),
      ],
      { ...identity, cwd: draft },
    )
    await writeOwned(passwordFile(draft), password, identity)
    await rename(draft, folder)
  } catch (cause) {
    await rm(draft, { recursive: true, force: true })
    // Another start was faster.
    if (await exists(join(folder, 'PG_VERSION'))) return
    const told = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new EmbeddedError(`a PostgreSQL cluster could not be made in ${folder}: ${told}`, { cause })
  } finally {
    await rm(pwfile, { force: true })
  }
}

async function writeOwned(file: string, text: string, identity: Identity): Promise<void> {
  await writeFile(file, text, { mode: 0o600 })
  if (identity !== undefined) await chown(file, identity.uid, identity.gid)
}

/** The port of the last start when it is free, so that a person's bookmarks hold; else a free one, remembered. */
export async function choosePort({ folder, identity }: Cluster): Promise<number> {
  const last = Number(await readFile(portFile(folder), 'utf8').catch(() => ''))
  const port = (last > 0 ? await tryPort(last) : undefined) ?? (await tryPort(0))
  if (port === undefined) throw new EmbeddedError('no port is free on 127.0.0.1')
  if (port !== last) await writeOwned(portFile(folder), String(port), identity)
  return port
}

function tryPort(port: number): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  const server = createServer()
  server.on('error', () => resolve(undefined))
  server.listen({ port, host: '127.0.0.1' }, () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
  })
  return promise
}

/**
 * Starts the postmaster in a process group of its own, so that Ctrl-C reaches only the supervisor, which then stops it
 * in order. It outlives a supervisor that is killed.
 */
export async function spawnPostmaster(cluster: Cluster, port: number): Promise<ChildProcess> {
  const { folder, logFile, binaries, identity } = cluster
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0
  const log = await open(logFile, size > logLimitBytes ? 'w' : 'a')
  const settings = [
    'listen_addresses=127.0.0.1',
    // A path to a socket may be too long in a deep checkout.
    'unix_socket_directories=',
    'log_timezone=UTC',
    ...cluster.settings,
  ]
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', folder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...identity, cwd: folder, detached: true, stdio: ['ignore', log.fd, log.fd] },
    )
    child.on('error', () => undefined)
    child.unref()
    return child
  } finally {
    await log.close()
  }
}

/** The last lines that PostgreSQL wrote, for a message. */
export async function readLogEnd({ logFile }: Cluster): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-5).join(' | ')
}
