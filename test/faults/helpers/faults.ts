import { setTimeout as sleep } from 'node:timers/promises'
import { runSql } from '../../helpers/database.ts'
import { beginMeanwhile } from '../../helpers/meanwhile.ts'
import type { TestRedis } from '../../helpers/redis.ts'
import { eventually } from '../../helpers/server.ts'
import { ACKNOWLEDGED } from './fault-work.ts'
import type { OwnPostgres } from './own-postgres.ts'
import type { Random } from './seeded-random.ts'
import type { Supervisor } from './supervisor.ts'

/** What a fault may strike. */
export interface Stage {
  readonly supervisor: Supervisor
  readonly redis: TestRedis
  readonly postgres: OwnPostgres
  /** Resolves when the server has acknowledged this many things of the round, right after the answer. */
  acknowledged(count: number): Promise<unknown>
  /** Called at the moment of the strike; notes whether it met work under way, or what `met` says. */
  strike(met?: boolean): Promise<void>
}

/** Strikes once while the work is under way, at a moment that `random` chooses; resolves when it is over. */
type Fault = (stage: Stage, random: Random) => Promise<unknown>

/** While requests are under way, or shortly after one of the last, when the imports are read and runs recounted. */
async function moment({ acknowledged }: Stage, random: Random): Promise<void> {
  const afterMs = random.between(0, 60)
  await acknowledged(random.between(0, ACKNOWLEDGED - 1))
  await sleep(afterMs)
}

export const faults = {
  async 'worker killed in an import'({ supervisor, postgres, strike }, random) {
    const moments = [random.between(0, 200), random.between(0, 20)] as const
    const running = () => runSql(postgres.url, "select from jobs where name = 'import' and state = 'running'")
    const oneRuns = (timeoutMs: number) => eventually(running, ({ length }) => length > 0, timeoutMs)
    await oneRuns(10_000)
    await sleep(moments[0])
    await oneRuns(1_000)
    await sleep(moments[1])
    await strike((await running()).length > 0)
    await killWorker(supervisor)
  },

  async 'worker killed in a recount'({ supervisor, postgres, acknowledged, strike }, random) {
    const afterMs = random.between(0, 300)
    await acknowledged(random.between(1, ACKNOWLEDGED / 2))
    await eventually(
      () => runSql(postgres.url, 'select from run_changes limit 1'),
      ({ length }) => length > 0,
    )
    // A recount that waits for its runs has taken their marks, and has more to do.
    const marked = 'select from runs where id in (select run_id from run_changes) order by id for no key update'
    const lock = await beginMeanwhile(postgres.url, marked)
    const recounts = () =>
      runSql(
        postgres.url,
        `select from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'ibutsu worker %'
          and query like '%order by id for no key update'`,
      )
    await eventually(recounts, ({ length }) => length > 0, 3_000)
    await sleep(afterMs)
    const waiting = await recounts()
    await strike(waiting.length > 0)
    await killWorker(supervisor)
    await lock.commit()
  },

  async 'web process killed right after its answer'({ supervisor, acknowledged, strike }, random) {
    await acknowledged(random.between(1, ACKNOWLEDGED - 1))
    killWeb(supervisor)
    await strike(true)
  },

  async 'Redis killed'(stage, random) {
    await moment(stage, random)
    await stage.strike()
    await stage.redis.kill()
    await sleep(random.between(1_000, 3_000))
    await stage.redis.restart()
  },

  async 'Redis restarted empty'(stage, random) {
    await moment(stage, random)
    await stage.strike()
    await stage.redis.kill()
    await stage.redis.restart()
  },

  async 'Redis paused'(stage, random) {
    await moment(stage, random)
    await stage.strike()
    await stage.redis.pause(random.between(500, 4_000))
  },

  async 'PostgreSQL restarted'(stage, random) {
    await moment(stage, random)
    await stage.strike()
    await stage.postgres.restart('fast')
  },

  async 'PostgreSQL crashed'(stage, random) {
    await moment(stage, random)
    await stage.strike()
    await stage.postgres.restart('immediate')
  },
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof faults
export const faultNames = Object.keys(faults) as readonly FaultName[]

/** Faults that end requests without an answer. */
export const isSeenByClients = (name: FaultName) => name === 'web process killed right after its answer'

async function killWorker({ workers }: Supervisor): Promise<void> {
  const pids = await eventually(
    async () => workers('job'),
    ({ length }) => length > 0,
  )
  for (const pid of pids) process.kill(pid, 'SIGKILL')
}

/** At once: nothing may happen between the answer and this. */
export function killWeb({ workers }: Pick<Supervisor, 'workers'>): void {
  for (const pid of workers('web')) process.kill(pid, 'SIGKILL')
}
