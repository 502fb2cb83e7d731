import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type Client } from 'pg'
import type { Logger } from 'pino'
import { isAway } from './away.ts'
import { EmbeddedError } from './embedded-binaries.ts'
import { type Cluster, choosePort, embeddedUser, openCluster, readLogEnd, spawnPostmaster } from './embedded-cluster.ts'
import { isRunning, readPidFile, removeStalePidFile } from './postmaster.ts'

/*
 * PostgreSQL for people who have none: one cluster in the data folder, run while the supervisor runs.
 *
 * Who owns a folder: who holds the advisory lock `ownerKey` in its cluster, by a connection that stays open. The lock
 * goes with its process, however that ends; so a postmaster without an owner is an orphan of a killed supervisor and is
 * adopted, and one with an owner makes a second start end with DataFolderInUseError.
 *
 * Bringing up, until a connection stands or the time is over:
 *   postmaster.pid and it answers    → take it
 *   postmaster.pid, no answer        → it is starting, stopping or recovering: wait; when it is provably gone,
 *                                      remove the file
 *   no postmaster.pid                → start one; when that one ends at once, another start was faster: look again
 *
 * When the connection of the owner ends while we run (PostgreSQL crashed or was killed), it is brought up again on the
 * same port.
 */

const ownerKey = 5_318_008_117
const patienceMs = 10_000
/** A crash recovery answers "starting up", so there is something to wait for. */
const recoveryMs = 120_000
const lockPatienceMs = 1_000
const stopPatienceMs = 15_000
const pauseMs = 25
const againMs = 1_000

export interface EmbeddedOptions {
  /** Made when missing. The cluster is its folder `postgres`, the log of PostgreSQL its file `postgres.log`. */
  readonly dataDir: string
  readonly log: Logger
  /** More settings of the server, `name=value`; tests switch fsync off. */
  readonly settings?: readonly string[]
}

export interface Embedded {
  /** With the password, for this machine only. */
  readonly url: string
  /** Shuts PostgreSQL down (fast: open transactions are rolled back) and waits for its end. */
  stop(): Promise<void>
}

/** Somebody else runs the data folder; the message names it. */
export class DataFolderInUseError extends EmbeddedError {
  override name = 'DataFolderInUseError'
}

/**
 * Starts, or takes over, the PostgreSQL of a data folder and makes its database.
 * @throws EmbeddedError when that is not possible; its message is meant for a person
 */
export async function startEmbedded({ dataDir, log, settings }: EmbeddedOptions): Promise<Embedded> {
  const cluster = await openCluster({ dataDir: resolve(dataDir), settings: settings ?? [] })
  let owner = await bringUp(cluster, log)
  let recovery: Promise<void> | undefined
  let stopping = false
  const url = urlOf(cluster, owner.port, embeddedUser)

  // The supervisor must not end because the database did: what waits for it is told by the retries of the pools. What keeps
  // it from starting, a full disk say, may pass.
  async function recover(port: number): Promise<void> {
    log.warn('the embedded PostgreSQL ended, starting it again')
    while (!stopping) {
      try {
        owner = await bringUp(cluster, log, port)
        watch(owner)
        return
      } catch (error) {
        log.error({ err: error }, 'the embedded PostgreSQL could not be started again, it is tried again')
        await sleep(againMs)
      }
    }
  }
  function watch({ client, port }: Owner): void {
    client.once('end', () => {
      if (!stopping) recovery = recover(port)
    })
  }
  await makeDatabase(owner.client)
  watch(owner)

  return {
    url,
    async stop() {
      if (stopping) return
      stopping = true
      await recovery
      await shutDown(cluster, owner)
    },
  }
}

interface Owner {
  readonly client: Client
  readonly port: number
  readonly pid: number
}

const urlOf = ({ password }: Cluster, port: number, database: string): string =>
  `postgresql://${embeddedUser}:${password}@127.0.0.1:${port}/${database}`

async function bringUp(cluster: Cluster, log: Logger, fixedPort?: number): Promise<Owner> {
  const began = performance.now()
  let patience = patienceMs
  let child: Awaited<ReturnType<typeof spawnPostmaster>> | undefined
  let starts = 0
  while (performance.now() - began < patience) {
    const file = await readPidFile(cluster.folder)
    if (file === undefined) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
        if (starts++ > 2) break
        child = await spawnPostmaster(cluster, fixedPort ?? (await choosePort(cluster)))
      }
    } else {
      const answer = await tryConnect(cluster, file.port)
      if (answer instanceof pg.Client) {
        if (child?.pid !== file.pid) log.info({ pid: file.pid }, 'found the PostgreSQL of this folder running')
        try {
          return await own(cluster, answer, file.pid, file.port ?? 0)
        } catch (error) {
          // It was about to stop.
          if (!isAway(error)) throw error
          await answer.end().catch(() => undefined)
        }
      }
      if (answer === 'starting') patience = recoveryMs
      if (answer === 'nobody' && !(await isRunning(file.pid)) && (await removeStalePidFile(cluster.folder))) {
        log.warn({ pid: file.pid }, 'removed the postmaster.pid of a PostgreSQL that was killed')
        continue
      }
      // A stranger may have got the process id of the killed one.
      if (answer === 'nobody' && child?.pid !== file.pid && performance.now() - began > patienceMs / 4) {
        if (await removeStalePidFile(cluster.folder)) continue
      }
    }
    await sleep(pauseMs)
  }
  throw new EmbeddedError(`PostgreSQL does not start in ${cluster.folder}: ${await readLogEnd(cluster)}`)
}

/** @returns the connection, or that the server is starting (or stopping), or that nobody of this cluster is there. */
async function tryConnect(cluster: Cluster, port: number | undefined): Promise<Client | 'starting' | 'nobody'> {
  if (port === undefined) return 'nobody'
  const client = new pg.Client({
    connectionString: urlOf(cluster, port, 'postgres'),
    application_name: 'ibutsu supervisor',
    connectionTimeoutMillis: 2_000,
    keepAlive: true,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`)
    const same = (await realpath(rows[0]?.folder ?? '/').catch(() => '')) === (await realpath(cluster.folder))
    if (same) return client
    await client.end()
    return 'nobody'
  } catch (error) {
    await client.end().catch(() => undefined)
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === '57P03') return 'starting'
    // Another server may have taken the port of a killed one; it does not know our password.
    if (isAway(error) || code === '28P01' || code === '28000' || code === '3D000') return 'nobody'
    throw error
  }
}

async function own(cluster: Cluster, client: Client, pid: number, port: number): Promise<Owner> {
  const began = performance.now()
  // The server notices the end of a killed owner's connection only after a moment.
  while (performance.now() - began < lockPatienceMs) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1::bigint) as locked', [
      ownerKey,
    ])
    if (rows[0]?.locked === true) return { client, pid, port }
    await sleep(pauseMs * 4)
  }
  await client.end()
  throw new DataFolderInUseError(
    `another server is already running on the data folder ${cluster.folder}: stop that one, or start this one in another folder or with another database`,
  )
}

async function makeDatabase(client: Client): Promise<void> {
  const { rows } = await client.query('select from pg_database where datname = $1', [embeddedUser])
  if (rows.length === 0) await client.query(`create database ${pg.escapeIdentifier(embeddedUser)}`)
}

async function shutDown(cluster: Cluster, { client, pid }: Owner): Promise<void> {
  const file = await readPidFile(cluster.folder)
  // The lock is held to the end, so that no start takes over a server that is about to go.
  if (file?.pid === pid) {
    process.kill(pid, 'SIGINT')
    const began = performance.now()
    while (await isRunning(pid)) {
      if (performance.now() - began > stopPatienceMs) {
        process.kill(pid, 'SIGQUIT')
        break
      }
      await sleep(pauseMs)
    }
  }
  await client.end().catch(() => undefined)
}
