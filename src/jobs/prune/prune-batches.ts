import type { Database } from '../../db/database.ts'
import type { Queryable } from '../../db/queryable.ts'

/** A batch should hold its locks for a quarter of the 100 ms that are promised. */
const TARGET_MS = 25
/** One that takes longer is taken back and tried with fewer rows; the commit still comes. */
const LIMIT_MS = 80
const LARGEST = 2_000

/** How many rows a batch takes: it grows while batches are quick, and shrinks at once when one was slow. */
export interface BatchSize {
  rows: number
  /** It grows no further. */
  readonly most: number
}

export function createBatchSize(rows: number, most = LARGEST): BatchSize {
  return { rows, most }
}

/** Runs batches until one finds nothing; gives how many rows they deleted. Each is a transaction of its own. */
export async function deleteInBatches(
  db: Database,
  size: BatchSize,
  signal: AbortSignal,
  deleteBatch: (tx: Queryable, rows: number) => Promise<number>,
): Promise<number> {
  let deleted = 0
  for (;;) {
    signal.throwIfAborted()
    const { count } = await runBatch(db, size, deleteBatch)
    if (count === 0) return deleted
    deleted += count
  }
}

/** The same for rows whose ids are known; `onDeleted` hears of each batch, also of those before one that fails. */
export async function deleteByIds(
  db: Database,
  size: BatchSize,
  signal: AbortSignal,
  ids: readonly string[],
  deleteBatch: (tx: Queryable, ids: string[]) => Promise<number>,
  onDeleted: (count: number) => void,
): Promise<void> {
  for (let at = 0; at < ids.length; ) {
    signal.throwIfAborted()
    const from = at
    const { rows, count } = await runBatch(db, size, (tx, most) => deleteBatch(tx, ids.slice(from, from + most)))
    at += rows
    onDeleted(count)
  }
}

/** One row alone may take as long as it takes: it must go some time. */
async function runBatch(db: Database, size: BatchSize, deleteBatch: (tx: Queryable, rows: number) => Promise<number>) {
  for (;;) {
    const { rows } = size
    const began = performance.now()
    try {
      const count = await db.transaction(async (tx) => {
        await tx.query({ text: `set local statement_timeout = ${rows > 1 ? LIMIT_MS : 0}` })
        return deleteBatch(tx, rows)
      })
      const ms = performance.now() - began
      if (ms > TARGET_MS) shrink(size, ms)
      else if (ms < TARGET_MS / 3) size.rows = Math.min(size.most, size.rows * 2)
      return { rows, count }
    } catch (error) {
      if (rows === 1 || !isTimeout(error)) throw error
      shrink(size, LIMIT_MS)
    }
  }
}

function shrink(size: BatchSize, ms: number): void {
  size.rows = Math.max(1, Math.floor((size.rows * TARGET_MS) / ms / 2))
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014'
}
