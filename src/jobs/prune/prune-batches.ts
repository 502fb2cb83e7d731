/** A batch should hold its locks for half of the 100 ms that are promised. */
const TARGET_MS = 50
const LARGEST = 2_000

/** How many rows a batch takes: it grows while batches are quick, and shrinks at once when one was slow. */
export interface BatchSize {
  rows: number
}

/** Runs batches until one finds nothing; gives how many rows they deleted. Each is a transaction of its own. */
export async function deleteInBatches(
  size: BatchSize,
  signal: AbortSignal,
  deleteBatch: (rows: number) => Promise<number>,
): Promise<number> {
  let deleted = 0
  for (;;) {
    signal.throwIfAborted()
    const began = performance.now()
    const count = await deleteBatch(size.rows)
    const ms = performance.now() - began
    deleted += count
    if (count === 0) return deleted
    if (ms > TARGET_MS) size.rows = Math.max(1, Math.floor((size.rows * TARGET_MS) / ms / 2))
    else if (ms < TARGET_MS / 3) size.rows = Math.min(LARGEST, size.rows * 2)
  }
}
