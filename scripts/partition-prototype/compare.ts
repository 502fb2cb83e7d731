import type { AppContext } from '../../src/context.ts'
import type { Database } from '../../src/db/database.ts'

/** One thing that the server does to its database; `n` is the number of the try. */
export interface Case {
  readonly name: string
  /** The server's own code. */
  readonly server: (ctx: AppContext, n: number) => Promise<unknown>
  /** What it would do on partitions, where that is something else. */
  readonly changed?: (ctx: AppContext, n: number) => Promise<unknown>
  /** How often it is run at most. */
  readonly most?: number
  /** Why the server's own code may not be let loose on partitions. */
  readonly breaks?: string
  /** Runs its own transaction, so that what it touches can't be seen from within one. */
  readonly opaque?: boolean
}

/** How many partitions a try read or wrote, and how many it locked, which planning does. */
export interface Touched {
  readonly used: number
  readonly locked: number
}

export interface Compared {
  readonly name: string
  readonly times: number
  /** Medians in ms; a text says why there is none. */
  readonly plain: number
  readonly unchanged: number | string
  readonly changed: number | string | undefined
  /** Of the changed statement, else of the unchanged one. */
  readonly touched: Touched | undefined
  readonly unchangedTouched: Touched | undefined
}

export interface Contexts {
  readonly plain: AppContext
  readonly partitioned: AppContext
}

/** A case that takes longer ends early, once it has run so often. */
const MOST_MS = 3_000
const LEAST_TIMES = 20
/** Prepared statements get their lasting plan with the sixth use. */
const WARM_UP = 8

/** Runs a case on both databases in turn, so that what disturbs one disturbs the other. */
export async function compare({ plain, partitioned }: Contexts, one: Case, times: number): Promise<Compared> {
  const { name, server, changed, most = times } = one
  const sides = [
    { ctx: plain, run: server },
    { ctx: partitioned, run: server },
    ...(changed ? [{ ctx: partitioned, run: changed }] : []),
  ]
  const count = Math.min(times, most)
  const taken: number[][] = sides.map(() => [])
  const failures = sides.map((_, side) => (side === 1 ? one.breaks : undefined))
  const warmUp = Math.min(WARM_UP, count)
  const end = performance.now() + MOST_MS
  for (let n = 0; n < warmUp + count; n++) {
    if (n >= warmUp + LEAST_TIMES && performance.now() > end) break
    for (const [side, { ctx, run }] of sides.entries()) {
      if (failures[side] !== undefined) continue
      try {
        const began = performance.now()
        await run(ctx, n)
        if (n >= warmUp) taken[side]?.push(performance.now() - began)
      } catch (error) {
        failures[side] = reasonOf(error)
      }
    }
  }
  if (failures[0] !== undefined) throw new Error(`${name} fails on the plain table: ${failures[0]}`)
  const figure = (side: number) => failures[side] ?? median(taken[side] ?? [])
  const seen = (side: number) =>
    one.opaque || failures[side] !== undefined || !sides[side] ? undefined : watch(partitioned, sides[side].run, warmUp)
  return {
    name,
    times: taken[0]?.length ?? 0,
    plain: median(taken[0] ?? []),
    unchanged: figure(1),
    changed: changed ? figure(2) : undefined,
    unchangedTouched: await seen(1),
    touched: await seen(changed ? 2 : 1),
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  return code ? `fails (${code})` : `fails: ${message}`
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  return (low + (sorted[Math.floor(middle)] ?? low)) / 2
}

/**
 * What a try touches, by PostgreSQL's own counters. The pool has one connection, so begin and rollback around it hold.
 * A prepared statement has its lasting plan by now.
 */
async function watch(ctx: AppContext, run: Case['server'], n: number): Promise<Touched> {
  const { db } = ctx
  await db.query({ text: 'select pg_stat_force_next_flush()' })
  await db.query({ text: 'begin' })
  try {
    // Workers of a parallel plan count for themselves.
    await db.query({ text: 'set local max_parallel_workers_per_gather = 0' })
    const before = await counters(db)
    await run(ctx, n)
    const after = await counters(db)
    const used = [...after].filter(([name, uses]) => uses > (before.get(name) ?? 0)).length
    return { used, locked: await countLocked(db) }
  } finally {
    await db.query({ text: 'rollback' })
  }
}

const partitions = `select c.oid, c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'results'::regclass`

async function counters(db: Database): Promise<Map<string, number>> {
  const { rows } = await db.query<{ relname: string; uses: number }>({
    text: `select p.relname, (s.seq_scan + coalesce(s.idx_scan, 0) + s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::float8 as uses
      from (${partitions}) p join pg_stat_xact_all_tables s on s.relid = p.oid`,
  })
  return new Map(rows.map(({ relname, uses }) => [relname, uses]))
}

async function countLocked(db: Database): Promise<number> {
  const { rows } = await db.query<{ locked: number }>({
    text: `select count(distinct l.relation)::int as locked from pg_locks l join (${partitions}) p on p.oid = l.relation
      where l.pid = pg_backend_pid()`,
  })
  return rows[0]?.locked ?? 0
}
