import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithRedis } from '../helpers/redis.ts'
import { usualSize } from './helpers/clients.ts'
import { count5xx, countUnanswered, describeHarm, describeLedgers, playRound, randomOf, say } from './helpers/rounds.ts'
import { makeTarget, startWorld, type World } from './helpers/world.ts'

const DOWN_MS = 20_000

let world: World

describeWithRedis('a restart of PostgreSQL that takes 20 s', () => {
  beforeAll(async () => {
    world = await startWorld({ disk: false })
    await world.startServer()
  })
  afterAll(async () => {
    await world?.stop()
  })

  test('gives no client a 5xx and loses nothing', { timeout: 120_000 }, async () => {
    let downAt = 0
    let acknowledgedBefore = 0
    const { ledger, losses, healthyMs } = await playRound({
      makeTarget: (onAcknowledged) =>
        makeTarget(world.server(), () => {
          if (downAt === 0) acknowledgedBefore++
          onAcknowledged()
        }),
      databaseUrl: world.postgres.url,
      random: randomOf(1, 1),
      size: { ...usualSize, results: 40 },
      fault: async ({ acknowledged, expected }) => {
        await acknowledged(expected / 3)
        downAt = performance.now()
        await world.postgres.restart(DOWN_MS)
      },
    })
    say(
      `PostgreSQL down for ${DOWN_MS / 1000} s: ${acknowledgedBefore} acknowledged before, ${ledger.acknowledged} in all (${describeLedgers([ledger])}); answers of 5xx ${count5xx([ledger])}, without an answer ${countUnanswered([ledger])}, losses ${losses.length}, healthy after ${Math.round(healthyMs)} ms`,
    )
    // It struck in the middle.
    expect(ledger.acknowledged).toBeGreaterThan(acknowledgedBefore + 100)
    expect(describeHarm([ledger])).toBe('none')
    expect(ledger.refusals).toEqual([])
    expect(losses).toEqual([])
  })
})
