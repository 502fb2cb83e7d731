/** Random runs and results with everything in them that statistics may stumble over, from a seed. */
import type { Queryable } from '../../../src/db/queryable.ts'

export const NOW = new Date('2026-06-15T10:20:30.456Z')

export type Random = ReturnType<typeof createRandom>

/** mulberry32: the same numbers from the same seed everywhere. */
export function createRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    below,
    chance: (part: number) => next() < part,
    pick: <T>(values: readonly T[]): T => values[below(values.length)] as T,
    uuid: () => {
      const hex = Array.from({ length: 32 }, () => below(16).toString(16)).join('')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
    },
  }
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Moments at and around the edges of windows, hours and days, and anywhere else. */
export function randomTime({ pick, below, chance }: Random): string {
  const edges = [30 * DAY, 90 * DAY, DAY, 0.5 * DAY, 28 * DAY, 7 * DAY].map((ago) => NOW.getTime() - ago)
  const at = chance(0.5)
    ? pick(edges) + pick([-DAY, -HOUR, -1, 0, 1, HOUR, DAY])
    : NOW.getTime() - below(100 * DAY) + pick([0, DAY])
  const floored = pick([at, at, Math.floor(at / HOUR) * HOUR, Math.floor(at / DAY) * DAY])
  const text = new Date(floored).toISOString().slice(0, -1)
  if (chance(0.02)) return pick(['infinity', '-infinity', '0044-03-15 12:00:00 BC'])
  return chance(0.2) ? `${text}${pick(['001', '999'])}` : text
}

const long = 'x'.repeat(3_000)

export function randomResult(random: Random, projects: readonly string[], runs: readonly string[]) {
  const { pick, chance, uuid, below } = random
  return {
    id: uuid(),
    project_id: chance(0.05) ? null : pick(projects),
    run_id: chance(0.1) || runs.length === 0 ? null : pick(runs),
    test_id: pick(['a', 'b', 'c', 'd']),
    result: pick(['passed', 'failed', 'error', 'skipped', 'xfailed', 'xpassed', 'manual', '', null]),
    component: pick(['login', 'cart', `${long}1`, `${long}2`, '', null]),
    env: pick(['qa', 'prod', null]),
    source: pick(['s', 'null', null]),
    duration: 1,
    start_time: randomTime(random),
    data: pick([
      null,
      {},
      [],
      'text',
      {
        exception_name: pick(['ValueError', 5, true, null, { x: 1 }, '']),
        assignee: pick(['ann', 'bob', undefined]),
        importance: pick(['critical', 'low', 'odd', null, undefined]),
        jenkins: pick([
          undefined,
          null,
          'text',
          { job_name: pick(['j', 'k', 7, null]), build_number: pick(['9', '10', '2', 3]) },
        ]),
        fspath: pick(['f', 'g', null, undefined]),
        sprint: pick(['1', 2, `sprint ${below(3)}`, undefined]),
        tags: pick([undefined, ['t', 'u'], 'plain']),
      },
    ]),
  }
}

const numbers = [0, 1, 2, 3, 10, 2.5, 0.25, -1, '4', ' 7 ', 'x', null, true, [], undefined, 1e20]

export function randomRun(random: Random, projects: readonly string[]) {
  const { pick, chance, uuid } = random
  const number = () => (chance(0.6) ? random.below(9) : pick(numbers))
  const start_time = randomTime(random)
  return {
    id: uuid(),
    project_id: chance(0.05) ? null : pick(projects),
    start_time,
    created: NOW.toISOString().slice(0, -1),
    component: pick(['login', 'cart', 'search', `${long}1`, '', null]),
    env: pick(['qa', 'prod', null]),
    source: pick(['jenkins', 'null', null]),
    duration: pick([1, 2.5, null]),
    summary: chance(0.1)
      ? pick([null, {}, [], 'text'])
      : {
          tests: number(),
          failures: number(),
          errors: number(),
          skips: number(),
          xfailures: number(),
          xpasses: number(),
        },
    data: chance(0.15)
      ? pick([null, {}, [], { jenkins: null }, { jenkins: 'text' }])
      : {
          jenkins: {
            job_name: pick(['j', 'j', 'k', 'l', 5, '5', null, undefined]),
            build_number: pick(['1', '2', '3', '10', '007', '7', ' 12 ', 'abc', 8, 8.5, null, undefined]),
            build_url: pick(['http://b', 'http://a', undefined]),
          },
          annotations: pick([undefined, null, [{ text: 'x' }]]),
          sprint: pick(['1', 2, undefined]),
        },
  }
}

/** Inserts rows as another program would: triggers leave the marks. */
export async function insertAsOthers(db: Queryable, table: 'runs' | 'results', rows: readonly object[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ')
  await db.query({
    text: `insert into ${table} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb), set_config('ibutsu_ts.marks', '', true)`,
    values: [JSON.stringify(rows)],
  })
}
