/** The end of a process: closes what it holds, once, and exits with 0. */
export function createFinish(close: () => Promise<void>): () => void {
  let closing = false
  return () => {
    if (closing) return
    closing = true
    void close().finally(() => process.exit(0))
  }
}
