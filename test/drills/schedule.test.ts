import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobDefinition } from '../../src/jobs/job-definition.ts'
import { jobNames } from '../../src/jobs/job-names.ts'
import { type Scheduler, startScheduler } from '../../src/jobs/scheduler.ts'
import { runSql } from '../helpers/database.ts'
import { createJobBench, type JobBench } from '../helpers/job-context.ts'
import { createRandom } from '../process/helpers/seeded-random.ts'
import { isLong, say } from './helpers/say.ts'

const seed = Number(process.env.DRILL_SEED ?? 1)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** The clock goes on by at most so much between two looks: less than the shortest period. */
const STEP = (isLong ? 3 : 29) * MINUTE

/** What must happen when, in cron's words (contract, and docs/jobs.md for prune-jobs): minute, hour, day of the week. */
const crons: Readonly<Record<string, string>> = {
  'sync-aborted-runs': '*/30 * *',
  'prune-jobs': '20 * *',
  'prune-imports': '0 2 *',
  'prune-files': '0 4 6',
  'prune-results': '0 5 6',
  'prune-runs': '0 6 6',
}

function isTick(cron: string, at: Date): boolean {
  const fields = cron.split(' ')
  const values = [at.getUTCMinutes(), at.getUTCHours(), at.getUTCDay()]
  return fields.every((field, n) => {
    const [, every] = /^\*\/(\d+)$/.exec(field) ?? []
    if (field === '*') return true
    return every ? (values[n] as number) % Number(every) === 0 : Number(field) === values[n]
  })
}

/** Every minute of the week is asked, not the program's own arithmetic. */
function ticksBetween(from: number, to: number): { name: string; tick: string; at: number }[] {
  const ticks: { name: string; tick: string; at: number }[] = []
  for (let at = from; at < to; at += MINUTE) {
    for (const [name, cron] of Object.entries(crons)) {
      if (isTick(cron, new Date(at))) ticks.push({ name, tick: new Date(at).toISOString(), at })
    }
  }
  return ticks
}

// A Wednesday. Clocks of Europe go back in the night to Sunday 25 October 2026: here nothing may happen twice, or not at all.
const BEGIN = Date.parse('2026-10-21T00:00:00Z')
const END = BEGIN + 7 * DAY
/** Saturday 03:30 to 06:30: 04:00 and 05:00 are missed for good, 06:00 is made up for. */
const GAP = { from: Date.parse('2026-10-24T03:30:00Z'), to: Date.parse('2026-10-24T06:30:00Z') }

/** Thousands of times, so it looks more often than `eventually` does. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('the schedulers or workers hang')
    await sleep(1)
  }
}

let bench: JobBench
beforeAll(async () => {
  bench = await createJobBench()
})
afterAll(() => bench.close())

test('seven days of the clock: each tick runs once, with three schedulers and three workers', {
  timeout: 240_000,
}, async () => {
  const random = createRandom(seed)
  const clock = { time: BEGIN - MINUTE }
  const contexts = await Promise.all([bench.open(), bench.open(), bench.open()])
  const ran = new Map<string, number>()
  const record: Record<string, JobDefinition> = Object.fromEntries(
    jobNames.map((name) => [
      name,
      {
        name,
        async run() {
          ran.set(name, (ran.get(name) ?? 0) + 1)
          return null
        },
      },
    ]),
  )
  for (const ctx of contexts) bench.start(ctx, { definitions: record, pollMs: 50 })

  // A look that has begun after the clock went on is over when the next one begins.
  const looks = contexts.map(() => 0)
  const clocked = contexts.map((ctx, n) => ({
    ...ctx,
    clock: {
      now() {
        looks[n] = (looks[n] ?? 0) + 1
        return new Date(clock.time)
      },
    },
  }))
  let schedulers: Scheduler[] = []
  const start = () => {
    schedulers = clocked.map((ctx) => startScheduler(ctx, 1))
  }
  const stop = async () => {
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()))
    schedulers = []
  }
  const [watcher] = contexts
  const isOpen = async () =>
    (await watcher?.db.query({ text: "select from jobs where state <> 'done' limit 1" }))?.rowCount !== 0
  const settle = async () => {
    const before = [...looks]
    await until(async () => schedulers.every((_, n) => (looks[n] ?? 0) >= (before[n] ?? 0) + 2))
    await until(async () => !(await isOpen()))
  }

  start()
  let steps = 0
  let restarts = 0
  while (clock.time < END - 1) {
    const isBefore = clock.time < GAP.from
    clock.time = Math.min(clock.time + random.between(1, STEP), END - 1)
    if (isBefore && clock.time >= GAP.from) {
      clock.time = GAP.from - 1
      await settle()
      await stop()
      clock.time = GAP.to
      start()
    } else if (random.next() < 0.05) {
      // A rollout: one ends, another one begins, which looks at once.
      await schedulers[0]?.stop()
      schedulers[0] = startScheduler(clocked[0] as (typeof clocked)[0], 1)
      restarts++
    }
    await settle()
    steps++
  }
  await stop()

  const isMissed = ({ name, at }: { name: string; at: number }) => {
    if (at < GAP.from || at > GAP.to) return false
    // Only the last one of a name is made up for, and only within an hour.
    const last = Math.max(
      ...ticksBetween(GAP.from, GAP.to + 1)
        .filter((tick) => tick.name === name)
        .map((tick) => tick.at),
    )
    return at !== last || GAP.to - at >= HOUR
  }
  const due = ticksBetween(BEGIN, END)
  const expected = due.filter((tick) => !isMissed(tick)).map(({ name, tick }) => `${tick} ${name}`)
  const made = await runSql<{ line: string }>(
    bench.databaseUrl,
    `select to_char(tick, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || name as line from jobs where tick is not null`,
  )
  const inWeek = made.map(({ line }) => line).filter((line) => line >= new Date(BEGIN).toISOString())
  expect(inWeek.toSorted()).toEqual(expected.toSorted())
  // What was due before the week began is not in question.
  const early = made.length - inWeek.length
  expect([...ran.values()].reduce((sum, count) => sum + count, 0)).toBe(made.length)
  const counts = Object.keys(crons).map(
    (name) => `${name} ${expected.filter((line) => line.endsWith(` ${name}`)).length}`,
  )
  expect(counts).toEqual([
    // 336, 168, 7 and 1 in a week, less what fell into the gap.
    'sync-aborted-runs 330',
    'prune-jobs 166',
    'prune-imports 7',
    'prune-files 0',
    'prune-results 0',
    'prune-runs 1',
  ])
  say(
    `schedule (seed ${seed}): 7 days in ${steps} steps, 3 schedulers, ${restarts} restarts, one stop of 3 h: ${inWeek.length} ticks, each once (${counts.join(', ')}); ${due.length - expected.length} of the gap left out; ${early} from before`,
  )
})
