import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { appendFile, chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { describe } from 'vitest'
import { findIdentity, type Identity } from '../../../src/db/embedded-binaries.ts'
import { isRunning } from '../../../src/db/postmaster.ts'
import { runSql } from '../../helpers/database.ts'
import { freePort } from '../../process/helpers/supervisor.ts'

const run = promisify(execFile)

/** Where the programs of an installed PostgreSQL are: on the PATH, or where Debian, Red Hat and Homebrew put them. */
function findPrograms(): string | undefined {
  const versions = (folder: string, tail: string) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .sort((a, b) => Number(b.replace(/\D/g, '')) - Number(a.replace(/\D/g, '')))
      .map((version) => join(folder, version, tail))
  return [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions('/usr/lib/postgresql', 'bin'),
    ...versions('/usr', 'bin').filter((folder) => folder.includes('pgsql')),
    ...versions('/opt/homebrew/opt', 'bin').filter((folder) => folder.includes('postgresql')),
  ].find((folder) =>
    ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'pg_basebackup'].every((name) => existsSync(join(folder, name))),
  )
}

const programs = findPrograms()

/** Drills that need a PostgreSQL with pg_dump say that they did not run where there is none; where CI=true they fail. */
export const describeWithPostgres = programs || process.env.CI === 'true' ? describe : describe.skip
if (!programs && process.env.CI !== 'true') process.stderr.write('pg_dump is missing: drills are left out\n')

/** A PostgreSQL of a drill's own, which it may stop, copy and change as an operator would. */
export interface PostgresCluster {
  readonly port: number
  /** Of the database `ibutsu`, as its superuser. */
  readonly url: string
  readonly folder: string
  start(): Promise<void>
  /** `fast` breaks off all connections, `immediate` is a crash. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
  /** Adds settings that count from the next start, or `reload`, on. */
  set(settings: Readonly<Record<string, string>>): Promise<void>
  reload(): Promise<void>
  /** Makes a standby the primary. */
  promote(): Promise<void>
  /** A hot standby that follows this one. */
  addStandby(name: string): Promise<PostgresCluster>
  /** Ends it and its standbys and removes what they stored. */
  remove(): Promise<void>
}

export interface ClusterOptions {
  readonly settings?: Readonly<Record<string, string>>
  /** Lines of pg_hba.conf instead of "everybody from this machine". */
  readonly hba?: readonly string[]
  /** Files beside its configuration, by name: certificates and keys. */
  readonly files?: Readonly<Record<string, string>>
}

const everybody = ['host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust']
const user = 'ibutsu'

/** Makes an empty one and starts it. */
export async function startPostgresCluster(options: ClusterOptions = {}): Promise<PostgresCluster> {
  if (!programs) throw new Error('no PostgreSQL with pg_dump is installed (apt-get install postgresql)')
  await sweep()
  const root = await mkdtemp(join(tmpdir(), `ibutsu-drill-${process.pid}-`))
  const folder = join(root, 'main')
  const identity = await findIdentity(folder)
  await chmod(root, 0o755)
  await makeFolder(folder, identity)
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8']
  await run(join(programs, 'initdb'), ['-D', folder, '-U', user, '--auth=trust', '--no-sync', ...locale], {
    ...identity,
    cwd: folder,
  })
  for (const [name, text] of Object.entries(options.files ?? {})) {
    await writeFile(join(folder, name), text, { mode: 0o600 })
    if (identity) await chown(join(folder, name), identity.uid, identity.gid)
  }
  await writeFile(join(folder, 'pg_hba.conf'), `${(options.hba ?? everybody).join('\n')}\n`)
  const cluster = openCluster(root, folder, identity, await freePort())
  await cluster.set({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    ...options.settings,
  })
  await cluster.start()
  await runSql(cluster.url.replace(/\/ibutsu(?=$|\?)/, '/postgres'), `create database ${user}`)
  return cluster
}

async function makeFolder(folder: string, identity: Identity): Promise<void> {
  await mkdir(folder, { mode: 0o700 })
  if (identity) await chown(folder, identity.uid, identity.gid)
}

function openCluster(root: string, folder: string, identity: Identity, port: number): PostgresCluster {
  const standbys: PostgresCluster[] = []
  const log = `${folder}.log`
  const control = async (...flags: readonly string[]) => {
    try {
      await run(join(programs ?? '', 'pg_ctl'), ['-D', folder, '-w', '-t', '30', ...flags], {
        ...identity,
        cwd: folder,
      })
    } catch (error) {
      throw new Error(`pg_ctl ${flags[0]}: ${error}\n${await readFile(log, 'utf8').catch(() => '')}`)
    }
  }
  const cluster: PostgresCluster = {
    port,
    url: `postgresql://${user}@127.0.0.1:${port}/${user}`,
    folder,
    async start() {
      await writeFile(log, '', { flag: 'a' })
      if (identity) await chown(log, identity.uid, identity.gid)
      await control('start', '-l', log, '-s', '-o', `-p ${port}`)
    },
    stop: (mode) => control('stop', '-m', mode, '-s'),
    async set(settings) {
      const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
      await appendFile(join(folder, 'postgresql.conf'), lines.join(''))
    },
    reload: () => control('reload', '-s'),
    promote: () => control('promote', '-s'),
    async addStandby(name) {
      const copy = join(root, name)
      await makeFolder(copy, identity)
      const from = ['-d', `${cluster.url.replace(/\/ibutsu$/, '/postgres')}?application_name=${name}`]
      // With what a standby needs to follow, and its name, which the primary's synchronous_standby_names knows.
      await run(
        join(programs ?? '', 'pg_basebackup'),
        [...from, '-D', copy, '-R', '-X', 'stream', '-c', 'fast', '-N'],
        {
          ...identity,
          cwd: copy,
        },
      )
      const standby = openCluster(root, copy, identity, await freePort())
      await standby.start()
      standbys.push(standby)
      return standby
    },
    async remove() {
      for (const one of [...standbys, cluster]) {
        if (existsSync(join(one.folder, 'postmaster.pid'))) await one.stop('immediate').catch(() => undefined)
      }
      await rm(root, { recursive: true, force: true })
    },
  }
  return cluster
}

/** Ends what test runs left behind that were killed. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^ibutsu-drill-(\d+)-/.exec(name)?.[1]
    if (pid === undefined || (await isRunning(Number(pid)))) continue
    const root = join(tmpdir(), name)
    for (const folder of await readdir(root).catch(() => [])) {
      const file = await readFile(join(root, folder, 'postmaster.pid'), 'utf8').catch(() => '')
      if (file) process.kill(Number(file.split('\n')[0]), 'SIGQUIT')
    }
    await rm(root, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined)
  }
}

/** Runs a program that comes with PostgreSQL: pg_dump, pg_restore. Gives what it printed. */
export async function runProgram(name: 'pg_dump' | 'pg_restore', ...flags: readonly string[]): Promise<string> {
  const { stdout } = await run(join(programs ?? '', name), [...flags], { maxBuffer: 64 * 1024 * 1024 })
  return stdout
}
