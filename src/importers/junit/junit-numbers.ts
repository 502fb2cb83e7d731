/** 30 million years: what is longer is a mistake, and sums of it would leave the range of a double. */
const MAX_SECONDS = 1e15

/**
 * Seconds as a `time` attribute has them; 0 when it is missing or says nothing. Where point and comma stand together, the
 * later one is the decimal mark (1,234.5 and 1.234,5); one comma alone is decimal, several are not.
 */
export function readSeconds(text: string | undefined): number {
  if (!text) return 0
  const trimmed = text.trim().replace(/s$/, '').trim()
  const comma = trimmed.lastIndexOf(',')
  const plain =
    comma < 0
      ? trimmed
      : comma > trimmed.lastIndexOf('.') && trimmed.indexOf(',') === comma
        ? trimmed.replaceAll('.', '').replace(',', '.')
        : trimmed.replaceAll(',', '')
  const seconds = plain === '' ? 0 : Number(plain)
  return Math.abs(seconds) < MAX_SECONDS ? seconds : 0
}

/** A count attribute; 0 when it is missing or no number. */
export function readCount(text: string | undefined): number {
  const count = text === undefined ? 0 : Math.trunc(Number(text))
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}
