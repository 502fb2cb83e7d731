import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { hasRedis, startRedis, type TestRedis } from '../helpers/redis.ts'
import { eventually } from '../helpers/server.ts'
import { type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { countOpen, storedLosses } from './helpers/checker.ts'
import { usualSize } from './helpers/clients.ts'
import type { Ledger } from './helpers/ledger.ts'
import { makeNetwork, type TestNetwork } from './helpers/network.ts'
import { type OwnPostgres, startOwnPostgres } from './helpers/own-postgres.ts'
import { allRollupLosses } from './helpers/rollup-checker.ts'
import {
  count5xx,
  countUnanswered,
  describeHarm,
  describeLedgers,
  kindOf,
  playRound,
  randomOf,
  say,
} from './helpers/rounds.ts'
import { makeFolder } from './helpers/small-disk.ts'
import { makeTarget } from './helpers/world.ts'

/* Web, worker, database and Redis on machines of their own, each cut off in turn. FAULT_FROM, FAULT_ROUNDS, FAULT_SEED. */

const kinds = ['web', 'worker', 'database', 'redis'] as const
const from = Number(process.env.FAULT_FROM ?? 1)
const count = Number(process.env.FAULT_ROUNDS ?? kinds.length)
const seed = Number(process.env.FAULT_SEED ?? 1)
/** A web server is cut off from its clients too; a database for less than requests wait for it (DB_RETRY). */
const LONGEST_MS = process.env.FAULT_ROUNDS ? 25_000 : 6_000
const LOCK = 42
/** How long PostgreSQL may keep a session whose client is gone. */
const GONE_AFTER_MS = 40_000

const network = hasRedis ? await makeNetwork([...kinds, 'visitor']) : 'redis-server is missing'
if (typeof network === 'string') process.stderr.write(`isolation did not run: ${network}\n`)

describe.skipIf(typeof network === 'string')('machines that are cut off lose nothing', () => {
  const { hosts, remove } = network as TestNetwork<(typeof kinds)[number] | 'visitor'>
  let folder: string
  let postgres: OwnPostgres
  let redis: TestRedis
  let web: Supervisor
  let worker: Supervisor
  let visitor: ChildProcess
  let visitorGoneAt: number

  beforeAll(async () => {
    folder = await makeFolder()
    ;[postgres, redis] = await Promise.all([
      startOwnPostgres({
        dataDir: join(folder, 'data'),
        logFile: join(folder, 'postgres.log'),
        prefix: hosts.database.prefix,
        host: hosts.database.address,
      }),
      startRedis({ prefix: hosts.redis.prefix, host: hosts.redis.address }),
    ])
    const env = {
      JOB_LEASE: '2',
      DB_POOL_SIZE: '5',
      CELERY_BROKER_URL: redis.url,
      LOG_LEVEL: 'info',
      ACCESS_LOG: 'off',
    }
    const on = (host: 'web' | 'worker', roles: string) => ({
      databaseUrl: postgres.url,
      prefix: hosts[host].prefix,
      env: { ...env, HOST: hosts[host].address, ROLES: roles },
    })
    web = await startSupervisor(on('web', 'web'))
    worker = await startSupervisor(on('worker', 'worker,scheduler'), { ready: false })
    const script = fileURLToPath(new URL('./helpers/hold-lock.ts', import.meta.url))
    const [command = '', ...rest] = [...hosts.visitor.prefix, process.execPath, script, postgres.url, String(LOCK)]
    visitor = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
    if (visitor.stdout) await once(visitor.stdout, 'data')
    await hosts.visitor.cut()
    visitorGoneAt = performance.now()
  })
  afterAll(async () => {
    visitor?.kill('SIGKILL')
    await Promise.all([web?.kill(), worker?.kill()])
    await Promise.all([redis?.stop(), postgres?.stop()])
    await remove()
    await rm(folder, { recursive: true, force: true })
  })

  test(`in ${count} rounds`, { timeout: 60_000 + count * 90_000 }, async () => {
    const ledgers = new Map<number, Ledger>()
    const byKind = new Map<string, Ledger[]>()
    const losses: string[] = []
    const refused: string[] = []
    for (let round = from; round < from + count; round++) {
      const name = kindOf(kinds, seed, round)
      const [began, mark] = [performance.now(), web.mark()]
      let cutMs = 0
      let met = false
      const {
        ledger,
        losses: found,
        healthyMs,
      } = await playRound({
        makeTarget: (onAcknowledged) => makeTarget(web, onAcknowledged),
        databaseUrl: postgres.url,
        random: randomOf(seed, round),
        size: { ...usualSize, readers: 2 },
        fault: async ({ acknowledged, expected, isSending }, random) => {
          cutMs = random.between(1_000, LONGEST_MS)
          await acknowledged(random.between(1, Math.floor(expected * 0.7)))
          met = isSending() || (await countOpen(postgres.url)) > 0
          await hosts[name].cut()
          await sleep(cutMs)
          await hosts[name].join()
        },
      })
      ledgers.set(round, ledger)
      byKind.set(name, [...(byKind.get(name) ?? []), ledger])
      losses.push(...found.map((loss) => `round ${round} (${name}): ${loss}`))
      const harm = describeHarm([ledger])
      if (harm !== 'none') refused.push(`round ${round} (${name}): ${harm}`)
      refused.push(...ledger.refusals.map((line) => `round ${round} (${name}): ${line}`))
      say(
        `isolation round ${round}: ${name} cut off for ${(cutMs / 1000).toFixed(1)} s${met ? '' : ' (nothing was under way)'}: ${ledger.acknowledged} acknowledged, broken: ${harm}, ${found.length} losses, healthy after ${Math.round(healthyMs)} ms, ${((performance.now() - began) / 1000).toFixed(1)} s`,
      )
      for (const loss of found.slice(0, 20)) say(`  loss: ${loss}`)
      if (found.length > 0) say(web.stderr().slice(mark))
    }
    for (const [round, ledger] of ledgers) {
      for (const loss of await storedLosses(postgres.url, ledger)) losses.push(`at the end, of round ${round}: ${loss}`)
    }
    losses.push(...(await allRollupLosses(postgres.url)))
    const all = [...ledgers.values()]
    for (const [name, own] of byKind) {
      say(
        `  ${own.length} × ${name} cut off: answers of 5xx ${count5xx(own)}, without an answer ${countUnanswered(own)}`,
      )
    }
    say(
      `isolation (seed ${seed}): ${all.length} rounds; acknowledged: ${describeLedgers(all)}; broken: ${describeHarm(all)}`,
    )
    say(`losses: ${losses.length}; refused requests: ${refused.length}`)
    expect(losses).toEqual([])
    expect(refused).toEqual([])
  })

  test('and the locks of a machine that has vanished are free', { timeout: GONE_AFTER_MS + 20_000 }, async () => {
    const held = () => runSql(postgres.url, `select from pg_locks where locktype = 'advisory' and objid = ${LOCK}`)
    const leftMs = visitorGoneAt + GONE_AFTER_MS - performance.now()
    const locks = await eventually(held, ({ length }) => length === 0, Math.max(leftMs, 1))
    expect(locks).toEqual([])
    const seconds = Math.round((performance.now() - visitorGoneAt) / 1000)
    say(`the lock of a machine that vanished was seen free ${seconds} s later`)
    expect(visitor.exitCode).toBeNull()
  })
})

// A machine of CI can do it.
test.runIf(process.env.CI === 'true')('isolation runs in CI', () => {
  expect(network).toBeTypeOf('object')
})
