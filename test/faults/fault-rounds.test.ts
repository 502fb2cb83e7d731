import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { describeWithRedis } from '../helpers/redis.ts'
import { countOpen, storedLosses } from './helpers/checker.ts'
import { type FaultName, faultNames, faults, isCrash, isSeenByClients } from './helpers/faults.ts'
import type { Ledger } from './helpers/ledger.ts'
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
import { makeTarget, startWorld, type World } from './helpers/world.ts'

/*
 * FAULT_ROUNDS how many, FAULT_FROM the first one, FAULT_SEED, FAULT_KIND one kind only. A round is the same for a seed and a
 * number, whatever went before it.
 */
const from = Number(process.env.FAULT_FROM ?? 1)
const count = Number(process.env.FAULT_ROUNDS ?? faultNames.length)
const seed = Number(process.env.FAULT_SEED ?? 1)
const only = faultNames.filter((name) => name === process.env.FAULT_KIND)
const kinds = only.length > 0 ? only : faultNames

/** The supervisor waits longer and longer before it makes good a crash; a new one does not. */
const CRASHES_OF_A_SUPERVISOR = 3

let world: World

describeWithRedis('a fault loses nothing that was acknowledged', () => {
  beforeAll(async () => {
    world = await startWorld()
    await world.startServer()
  })
  afterAll(async () => {
    await world?.stop()
  })

  test(`in ${count} rounds`, { timeout: 60_000 + count * 60_000 }, async () => {
    const ledgers = new Map<number, Ledger>()
    const byKind = new Map<FaultName, Ledger[]>()
    const losses: string[] = []
    const refused: string[] = []
    const left: string[] = []
    let crashes = 0
    let meetings = 0
    for (let round = from; round < from + count; round++) {
      const name = kindOf(kinds, seed, round)
      if (name === 'disk full' && typeof world.disk === 'string') {
        left.push(`round ${round} (${name}) did not run: ${world.disk}`)
        continue
      }
      if (crashes >= CRASHES_OF_A_SUPERVISOR) {
        await world.startServer()
        crashes = 0
      }
      const mark = world.server().mark()
      const began = performance.now()
      let met = false
      const played = await playRound({
        makeTarget: (onAcknowledged) => makeTarget(world.server(), onAcknowledged),
        databaseUrl: world.postgres.url,
        random: randomOf(seed, round),
        fault: ({ expected, acknowledged, isSending }, random) => {
          const strike = async (says?: boolean) => {
            met = says ?? (isSending() || (await countOpen(world.postgres.url)) > 0)
          }
          return faults[name]({ world, expected, acknowledged, strike }, random)
        },
      })
      const { ledger } = played
      ledgers.set(round, ledger)
      byKind.set(name, [...(byKind.get(name) ?? []), ledger])
      if (met) meetings++
      if (isCrash(name)) crashes++
      losses.push(...played.losses.map((loss) => `round ${round} (${name}): ${loss}`))
      const unanswered = isSeenByClients(name) ? 0 : countUnanswered([ledger])
      if (unanswered > 0) refused.push(`round ${round} (${name}): ${describeHarm([ledger])}`)
      refused.push(...ledger.refusals.map((line) => `round ${round} (${name}): ${line}`))
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      say(
        `fault round ${round}: ${name}${met ? '' : ' (nothing was under way)'}: ${ledger.acknowledged} acknowledged, broken: ${describeHarm([ledger])}, ${played.losses.length} losses, healthy after ${Math.round(played.healthyMs)} ms, ${seconds} s`,
      )
      for (const loss of played.losses.slice(0, 20)) say(`  loss: ${loss}`)
      if (played.losses.length > 0) say(world.server().stderr().slice(mark))
    }
    // Nothing that a round has stored was lost in a later one.
    for (const [round, ledger] of ledgers) {
      for (const loss of await storedLosses(world.postgres.url, ledger))
        losses.push(`at the end, of round ${round}: ${loss}`)
    }
    losses.push(...(await allRollupLosses(world.postgres.url)))
    const again = await runSql<{ name: string; jobs: number; crashed: number }>(
      world.postgres.url,
      `select name, count(*)::int as jobs, count(*) filter (where crashes > 0)::int as crashed
       from jobs where claims > 1 group by name`,
    )
    const all = [...ledgers.values()]
    say(`faults (seed ${seed}): ${ledgers.size} rounds, ${meetings} struck work under way`)
    for (const [name, own] of byKind) {
      say(`  ${own.length} × ${name}: answers of 5xx ${count5xx(own)}, without an answer ${countUnanswered(own)}`)
    }
    say(
      `  the disk: ${typeof world.disk === 'string' ? world.disk : world.disk.kind}; jobs run more than once: ${JSON.stringify(again)}`,
    )
    for (const line of left) say(`  ${line}`)
    say(`acknowledged: ${describeLedgers(all)}; broken: ${describeHarm(all)}`)
    say(`losses: ${losses.length}; refused requests: ${refused.length}`)
    expect(losses).toEqual([])
    expect(refused).toEqual([])
    // A machine of CI can do all of it.
    if (process.env.CI === 'true') expect(left).toEqual([])
  })
})
