import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startRedis, type TestRedis } from '../../helpers/redis.ts'
import { logIn, type StartOptions, type Supervisor, startSupervisor } from '../../process/helpers/supervisor.ts'
import type { AcknowledgedKind, Target } from './clients.ts'
import { createHttpClient, jsonBody } from './http-client.ts'
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts'
import { makeFolder, makeSmallDisk, type SmallDisk } from './small-disk.ts'
import { startTcpProxy, type TcpProxy, through } from './tcp-proxy.ts'

/** A server and all that it stands on, each of which a fault may strike. */
export interface World {
  readonly postgres: OwnPostgres
  readonly redis: TestRedis
  /** The disk of the database; a text says why there is none. */
  readonly disk: SmallDisk | string
  readonly databaseProxy: TcpProxy
  readonly redisProxy: TcpProxy
  /** The supervisor that serves now. */
  server(): Supervisor
  /** A fresh one in place of the one before; on the same address with `again`, as an init system starts it. */
  startServer(options?: StartOptions & { again?: boolean }): Promise<Supervisor>
  stop(): Promise<void>
}

export interface WorldOptions {
  /** A disk of its own for the database, so that it can be full. */
  readonly disk?: boolean
}

export async function startWorld({ disk: wantsDisk = true }: WorldOptions = {}): Promise<World> {
  const folder = await makeFolder()
  const disk = wantsDisk ? await makeSmallDisk(folder) : 'this test has none'
  const dataDir = typeof disk === 'string' ? join(folder, 'data') : join(disk.folder, 'data')
  const [postgres, redis] = await Promise.all([
    startOwnPostgres({ dataDir, logFile: join(folder, 'postgres.log') }),
    startRedis(),
  ])
  const [databaseProxy, redisProxy] = await Promise.all([
    startTcpProxy({ host: '127.0.0.1', port: postgres.port }),
    startTcpProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) }),
  ])
  let supervisor: Supervisor | undefined
  return {
    postgres,
    redis,
    disk,
    databaseProxy,
    redisProxy,
    server() {
      if (!supervisor) throw new Error('no server was started')
      return supervisor
    },
    async startServer({ again = false, ...options } = {}) {
      const port = again ? supervisor?.port : undefined
      await supervisor?.kill()
      supervisor = await startSupervisor({
        ...options,
        databaseUrl: through(postgres.url, databaseProxy),
        env: {
          ...(port ? { PORT: String(port) } : {}),
          ROLES: 'web,worker,scheduler',
          GUNICORN_PROCESSES: '2',
          WORKER_TIMEOUT: '8',
          JOB_LEASE: '2',
          DB_POOL_SIZE: '5',
          CELERY_BROKER_URL: through(redis.url, redisProxy),
          LOG_LEVEL: 'info',
          ACCESS_LOG: 'off',
          ...options.env,
        },
      })
      return supervisor
    },
    async stop() {
      await supervisor?.kill()
      await Promise.all([databaseProxy.close(), redisProxy.close()])
      await Promise.all([redis.stop(), postgres.stop()])
      if (typeof disk !== 'string') await disk.remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A project of its own for some work, and a login. */
export async function makeTarget(
  { url }: { readonly url: string },
  onAcknowledged: (kind: AcknowledgedKind) => void = () => undefined,
): Promise<Target> {
  const token = await logIn(url)
  const sent = { name: `faults-${randomUUID()}`, title: 'Title 0' }
  const client = createHttpClient(url)
  try {
    const answer = await client.send('POST', '/api/project', { token, body: jsonBody(sent) })
    if (answer.status !== 201) throw new Error(`no project was made: ${answer.status} ${answer.body}`)
    return { url, token, project: { ...sent, id: answer.json<{ id: string }>().id }, onAcknowledged }
  } finally {
    client.close()
  }
}
