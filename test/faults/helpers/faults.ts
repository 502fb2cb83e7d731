import { setTimeout as sleep } from 'node:timers/promises'
import { runSql } from '../../helpers/database.ts'
import { beginMeanwhile } from '../../helpers/meanwhile.ts'
import { eventually } from '../../helpers/server.ts'
import type { Random } from '../../process/helpers/seeded-random.ts'
import type { Supervisor } from '../../process/helpers/supervisor.ts'
import type { TcpProxy } from './tcp-proxy.ts'
import type { World } from './world.ts'

/** What a fault may strike, and when. */
export interface Stage {
  readonly world: World
  /** Acknowledgements that the work will end with. */
  readonly expected: number
  /** Resolves when the server has acknowledged this many things of the round, right after the answer. */
  acknowledged(count: number): Promise<unknown>
  /** Called at the moment of the strike; notes whether it met work under way, or what `met` says. */
  strike(met?: boolean): Promise<void>
}

/** Strikes while the work is under way, at a moment that `random` chooses; resolves when it is over. */
type Fault = (stage: Stage, random: Random) => Promise<unknown>

/** While requests are under way, or shortly after one of the last, when imports are read and runs recounted. */
async function moment({ acknowledged, expected, strike }: Stage, random: Random): Promise<void> {
  const afterMs = random.between(0, 60)
  // Towards the end work goes on in fewer clients, and some of it may have been given up.
  await acknowledged(random.between(1, Math.floor(expected * 0.8)))
  await sleep(afterMs)
  await strike()
}

export const faults = {
  async 'web worker killed'(stage, random) {
    await moment(stage, random)
    signalAll(random.shuffle(stage.world.server().workers('web')).slice(random.between(0, 1)), 'SIGKILL')
  },

  async 'web workers killed right after an answer'({ world, acknowledged, expected, strike }, random) {
    await acknowledged(random.between(1, Math.floor(expected * 0.8)))
    killWeb(world.server())
    await strike(true)
  },

  async 'job worker killed in an import'({ world, strike }, random) {
    const moments = [random.between(0, 200), random.between(0, 20)] as const
    const running = () => runSql(world.postgres.url, "select from jobs where name = 'import' and state = 'running'")
    const oneRuns = (timeoutMs: number) => eventually(running, ({ length }) => length > 0, timeoutMs)
    await oneRuns(10_000)
    await sleep(moments[0])
    await oneRuns(1_000)
    await sleep(moments[1])
    await strike((await running()).length > 0)
    await killJobWorker(world.server())
  },

  async 'job worker killed in a recount'({ world, acknowledged, expected, strike }, random) {
    const { url } = world.postgres
    const afterMs = random.between(0, 300)
    await acknowledged(random.between(1, Math.floor(expected / 2)))
    await eventually(
      () => runSql(url, 'select from run_changes limit 1'),
      ({ length }) => length > 0,
    )
    // A recount that waits for its runs has taken their marks, and has more to do.
    const marked = 'select from runs where id in (select run_id from run_changes) order by id for no key update'
    const lock = await beginMeanwhile(url, marked)
    const recounts = () =>
      runSql(
        url,
        `select from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'ibutsu worker %'
          and query like '%order by id for no key update'`,
      )
    await eventually(recounts, ({ length }) => length > 0, 3_000)
    await sleep(afterMs)
    const waiting = await recounts()
    await strike(waiting.length > 0)
    await killJobWorker(world.server())
    await lock.commit()
  },

  async 'supervisor killed'(stage, random) {
    await moment(stage, random)
    stage.world.server().process.kill('SIGKILL')
    await stage.world.server().exit
    await sleep(random.between(0, 500))
    await stage.world.startServer({ again: true })
  },

  async 'PostgreSQL killed'(stage, random) {
    await moment(stage, random)
    await stage.world.postgres.crash()
  },

  async 'PostgreSQL restarted'(stage, random) {
    await moment(stage, random)
    await stage.world.postgres.restart(random.between(0, 3_000))
  },

  async 'Redis killed'(stage, random) {
    await moment(stage, random)
    await stage.world.redis.kill()
    await sleep(random.pick([0, random.between(500, 3_000)]))
    await stage.world.redis.restart()
  },

  async 'disk full'(stage, random) {
    const { disk, postgres } = stage.world
    if (typeof disk === 'string') throw new Error(disk)
    const before = (await postgres.log()).length
    const forMs = random.between(500, 5_000)
    await stage.acknowledged(random.between(1, Math.floor(stage.expected / 2)))
    try {
      await disk.fill()
      // What is there already may have room for a while.
      const isMet = async () => /No space left on device/.test(await postgres.log(before))
      await stage.strike(await eventually(isMet, (met) => met, 8_000))
      await sleep(forMs)
    } finally {
      await disk.empty()
    }
  },

  async 'web worker paused'(stage, random) {
    await moment(stage, random)
    // Above 8 s the supervisor takes it for dead and kills it.
    const pauseMs = random.pick([random.between(300, 5_000), random.between(8_000, 11_000)])
    await pause(random.shuffle(stage.world.server().workers('web')).slice(random.between(0, 1)), pauseMs)
  },

  async 'job worker paused'(stage, random) {
    await moment(stage, random)
    // Above 2 s its jobs are given to the next one.
    await pause(stage.world.server().workers('job'), random.between(300, 6_000))
  },

  async 'PostgreSQL sessions paused'(stage, random) {
    await moment(stage, random)
    const sessions = random.shuffle(stage.world.postgres.pids(/postgres: .* ibutsu|postgres: ibutsu/))
    await pause(sessions.slice(0, Math.max(1, sessions.length / 2)), random.between(300, 5_000))
  },

  async 'PostgreSQL paused'(stage, random) {
    await moment(stage, random)
    await pause(stage.world.postgres.pids(), random.between(300, 5_000))
  },

  async 'Redis paused'(stage, random) {
    await moment(stage, random)
    stage.world.redis.signal('SIGSTOP')
    await sleep(random.between(300, 5_000))
    stage.world.redis.signal('SIGCONT')
  },

  async 'database connections cut'(stage, random) {
    await moment(stage, random)
    await cutAgain(stage.world.databaseProxy, random)
  },

  async 'database connections delayed and cut'(stage, random) {
    const { databaseProxy } = stage.world
    await moment(stage, random)
    databaseProxy.delay(random.between(5, 100))
    try {
      await sleep(random.between(300, 2_000))
      // Many commits are on their way to and from the database now.
      if (random.next() < 0.7) await cutAgain(databaseProxy, random)
    } finally {
      databaseProxy.delay(0)
    }
  },

  async 'database connections silent'(stage, random) {
    const { databaseProxy } = stage.world
    await moment(stage, random)
    databaseProxy.silence()
    await sleep(random.between(500, 8_000))
    // They go on, or they end, or they never speak again.
    random.pick([databaseProxy.speak, databaseProxy.cut, () => undefined])()
  },

  async 'Redis connections cut'(stage, random) {
    await moment(stage, random)
    await cutAgain(stage.world.redisProxy, random)
  },

  async 'Redis connections delayed and cut'(stage, random) {
    const { redisProxy } = stage.world
    await moment(stage, random)
    redisProxy.delay(random.between(5, 200))
    try {
      await sleep(random.between(300, 3_000))
      if (random.next() < 0.5) redisProxy.cut()
    } finally {
      redisProxy.delay(0)
    }
  },
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof faults
export const faultNames = Object.keys(faults) as readonly FaultName[]

/** Faults that may end requests without an answer: the process is gone that would give it. */
const silentEnds: ReadonlySet<FaultName> = new Set<FaultName>([
  'web worker killed',
  'web workers killed right after an answer',
  'web worker paused',
  'supervisor killed',
])
export const isSeenByClients = (name: FaultName) => silentEnds.has(name)

/** Faults after which the supervisor has something to make good. */
export const isCrash = (name: FaultName) => /^(web|job) worker/.test(name)

async function killJobWorker({ workers }: Supervisor): Promise<void> {
  const pids = await eventually(
    async () => workers('job'),
    ({ length }) => length > 0,
  )
  signalAll(pids, 'SIGKILL')
}

/** At once: nothing may happen between the answer and this. */
export const killWeb = ({ workers }: Pick<Supervisor, 'workers'>): void => signalAll(workers('web'), 'SIGKILL')

async function pause(pids: readonly number[], ms: number): Promise<void> {
  signalAll(pids, 'SIGSTOP')
  await sleep(ms)
  signalAll(pids, 'SIGCONT')
}

async function cutAgain(proxy: TcpProxy, random: Random): Promise<void> {
  for (let cuts = random.between(1, 6); cuts > 0; cuts--) {
    proxy.cut()
    await sleep(random.between(10, 400))
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}
