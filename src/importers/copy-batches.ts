import { finished } from 'node:stream/promises'
import type { CopyTransaction } from '../db/copy-transaction.ts'
import type { BinaryRows } from './binary-rows.ts'
import { ImportRefused } from './import-refused.ts'

/** A batch goes to the database when it has so many bytes. */
export const BATCH_BYTES = 512 * 1024

/** Sends batches of rows one after the other. Memory holds those that grow and one that travels. */
export class CopyBatches {
  readonly #tx: CopyTransaction
  readonly #maxBytes: number
  #bytes = 0
  #travelling: Promise<void> = Promise.resolve()

  constructor(tx: CopyTransaction, maxBytes: number) {
    this.#tx = tx
    this.#maxBytes = maxBytes
  }

  /**
   * Copies the rows into a table (its name, with columns in brackets); resolves when they are on their way.
   *
   * @throws ImportRefused for more than `maxBytes` of rows in all: a few properties, repeated in each result.
   */
  async send(table: string, rows: BinaryRows): Promise<void> {
    const batch = rows.take()
    this.#bytes += batch.length
    if (this.#bytes > this.#maxBytes) {
      throw new ImportRefused(`What the file holds is larger than the limit of ${this.#maxBytes} bytes.`)
    }
    await this.#travelling
    this.#travelling = this.#copy(table, batch).then(() => rows.giveBack(batch))
    // Met by whoever awaits the next batch.
    this.#travelling.catch(() => undefined)
  }

  /** Resolves when all that was sent has arrived. */
  settled(): Promise<void> {
    return this.#travelling
  }

  async #copy(table: string, batch: Buffer): Promise<void> {
    const copy = this.#tx.copyIn(`copy ${table} from stdin (format binary)`)
    copy.end(batch)
    await finished(copy)
  }
}
