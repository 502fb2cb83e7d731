import type { AppContext } from '../../context.ts'
import { isOutage } from '../../errors.ts'
import { insertResult, insertResults, type ResultRow } from './result-sql.ts'

/** Bounds of one joined insert: rows, and the length of their JSON in characters. */
const MAX_ROWS = 200
const MAX_LENGTH = 4_000_000

interface Waiting {
  readonly row: ResultRow
  /** When it came, a `performance.now()`: nobody waits longer than DB_RETRY for a database that is away. */
  readonly since: number
  readonly resolve: (stored: boolean) => void
  readonly reject: (error: unknown) => void
}

interface Queue {
  waiting: Waiting[]
  busy: boolean
}

const queues = new WeakMap<object, Queue>()

/**
 * Stores a result; the promise resolves after the commit, with false when it was not stored (see `insertResult`).
 *
 * States of a process' queue: *idle* (nothing in flight) and *busy*. A result that arrives while idle is inserted at
 * once; those that arrive while busy wait and go together in the next statement. There is no timer: a lone client
 * never waits for others. One id is never twice in one statement. When a joined statement fails, each of its rows is
 * tried alone, so that one bad row fails alone. When the database is away, each row fails once it has waited for
 * DB_RETRY since it came, also in the queue.
 */
export function writeResult(ctx: AppContext, row: ResultRow): Promise<boolean> {
  const queue = queues.get(ctx.db) ?? { waiting: [], busy: false }
  queues.set(ctx.db, queue)
  return new Promise((resolve, reject) => {
    queue.waiting.push({ row, since: performance.now(), resolve, reject })
    if (!queue.busy) void drain(ctx, queue)
  })
}

async function drain(ctx: AppContext, queue: Queue): Promise<void> {
  queue.busy = true
  while (queue.waiting.length > 0) {
    const batch = takeBatch(queue)
    const [first] = batch
    if (batch.length === 1 && first) await writeOne(ctx, first)
    else await writeBatch(ctx, queue, batch)
  }
  queue.busy = false
}

function takeBatch(queue: Queue): Waiting[] {
  const batch: Waiting[] = []
  const later: Waiting[] = []
  const ids = new Set<string>()
  let length = 0
  for (const entry of queue.waiting) {
    const fits = batch.length === 0 || (batch.length < MAX_ROWS && length < MAX_LENGTH)
    if (fits && !ids.has(entry.row.id)) {
      ids.add(entry.row.id)
      length += (entry.row.data?.length ?? 0) + (entry.row.params?.length ?? 0)
      batch.push(entry)
    } else {
      later.push(entry)
    }
  }
  queue.waiting = later
  return batch
}

async function writeOne(ctx: AppContext, { row, since, resolve, reject }: Waiting): Promise<void> {
  try {
    resolve(await insertResult(ctx.db.waitingSince(since), row))
  } catch (error) {
    reject(error)
  }
}

async function writeBatch(ctx: AppContext, queue: Queue, batch: readonly Waiting[]): Promise<void> {
  const [first] = batch
  try {
    const stored = await insertResults(
      ctx.db.waitingSince(first?.since ?? performance.now()),
      batch.map(({ row }) => row),
    )
    for (const { row, resolve } of batch) resolve(stored.has(row.id))
  } catch (error) {
    if (isOutage(error)) {
      const limit = performance.now() - ctx.config.databaseRetrySeconds * 1000
      const isOver = (entry: Waiting) => entry === first || entry.since <= limit
      queue.waiting.unshift(...batch.filter((entry) => !isOver(entry)))
      for (const entry of batch) if (isOver(entry)) entry.reject(error)
      return
    }
    ctx.log.debug({ err: error, rows: batch.length }, 'a joined insert failed; its rows are tried alone')
    for (const entry of batch) await writeOne(ctx, entry)
  }
}
