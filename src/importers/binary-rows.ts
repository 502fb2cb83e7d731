const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = Buffer.from([0xff, 0xff])
const JSONB_VERSION = 1
/** Timestamps count from here. */
const EPOCH_MS = Date.UTC(2000, 0, 1)

const FIRST_BYTES = 64 * 1024
/** Larger buffers, for a row with a large text, are not kept. */
const KEPT_BYTES = 2 * 1024 * 1024

/**
 * Rows in PostgreSQL's binary COPY format, collected in one growing buffer. Write a row by `row(columns)` and then each
 * column in order; `take` gives a complete COPY of what there is and starts anew. Give buffers back when they were sent:
 * fresh ones for each batch would be garbage by the gigabyte.
 */
export class BinaryRows {
  #buffer: Buffer = Buffer.allocUnsafe(FIRST_BYTES)
  #spare: Buffer | null = null
  #length = 0

  constructor() {
    this.#begin()
  }

  /** Bytes collected. */
  get size(): number {
    return this.#length
  }

  get isEmpty(): boolean {
    return this.#length === SIGNATURE.length
  }

  row(columns: number): void {
    this.#reserve(2)
    this.#length = this.#buffer.writeInt16BE(columns, this.#length)
  }

  null(): void {
    this.#reserve(4)
    this.#length = this.#buffer.writeInt32BE(-1, this.#length)
  }

  int(value: number): void {
    this.#reserve(8)
    this.#length = this.#buffer.writeInt32BE(4, this.#length)
    this.#length = this.#buffer.writeInt32BE(value, this.#length)
  }

  float(value: number | null): void {
    if (value === null) this.null()
    else {
      this.#reserve(12)
      this.#length = this.#buffer.writeInt32BE(8, this.#length)
      this.#length = this.#buffer.writeDoubleBE(value, this.#length)
    }
  }

  uuid(value: string | null): void {
    if (value === null) this.null()
    else {
      this.#reserve(20)
      this.#length = this.#buffer.writeInt32BE(16, this.#length)
      this.#length += this.#buffer.write(value.replaceAll('-', ''), this.#length, 'hex')
    }
  }

  /** A moment of the years 1 to 9999: `YYYY-MM-DD HH:MM:SS[.ffffff]`, the blank may be a T. */
  timestamp(value: string): void {
    const ms = Date.parse(`${value.slice(0, 10)}T${value.slice(11, 19)}Z`) - EPOCH_MS
    const micros = BigInt(ms) * 1000n + BigInt(value.slice(20, 26).padEnd(6, '0'))
    this.#reserve(12)
    this.#length = this.#buffer.writeInt32BE(8, this.#length)
    this.#length = this.#buffer.writeBigInt64BE(micros, this.#length)
  }

  text(value: string | null): void {
    if (value === null) this.null()
    else this.#text(value, 0)
  }

  texts(...values: (string | null)[]): void {
    for (const value of values) this.text(value)
  }

  json(value: string | null): void {
    if (value === null) this.null()
    else this.#text(value, 1)
  }

  bytes(value: Buffer): void {
    this.bytesAhead(value.length)
    this.#reserve(value.length)
    this.#length += value.copy(this.#buffer, this.#length)
  }

  /** Announces a last column of so many bytes, which the caller sends behind `takeOpen`. */
  bytesAhead(length: number): void {
    this.#reserve(4)
    this.#length = this.#buffer.writeInt32BE(length, this.#length)
  }

  /** A complete COPY. */
  take(): Buffer {
    this.#reserve(TRAILER.length)
    this.#length += TRAILER.copy(this.#buffer, this.#length)
    return this.takeOpen()
  }

  /** A COPY without its end (`BinaryRows.end`). */
  takeOpen(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length)
    this.#buffer = this.#spare ?? Buffer.allocUnsafe(FIRST_BYTES)
    this.#spare = null
    this.#begin()
    return taken
  }

  /** Takes back what `take` gave, once nobody reads it any more. */
  giveBack(taken: Buffer): void {
    if (taken.buffer.byteLength <= KEPT_BYTES) this.#spare = Buffer.from(taken.buffer)
  }

  static readonly end: Buffer = TRAILER

  #begin(): void {
    this.#length = SIGNATURE.copy(this.#buffer)
  }

  #text(value: string, version: 0 | 1): void {
    this.#reserve(5 + value.length * 3)
    const start = this.#length + 4
    if (version === 1) this.#buffer[start] = JSONB_VERSION
    const length = version + this.#buffer.write(value, start + version, 'utf8')
    this.#buffer.writeInt32BE(length, this.#length)
    this.#length = start + length
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}
