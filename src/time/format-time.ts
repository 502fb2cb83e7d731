/**
 * Turns PostgreSQL's text of a `timestamp` (`2024-03-01 08:00:00.5`, ISO DateStyle) into the form of every answer:
 * `2024-03-01T08:00:00.500000Z`, six digits only where the fraction is not zero (contract/data-model.md 4).
 * Texts of `parseTime` (with a `T`) work as well. `infinity` stays as it is, years beyond 9999 keep their digits,
 * BC becomes ISO 8601's signed year. Runs for each time of each row: it must stay a few slices.
 */
export function formatTime(pgText: string): string {
  const length = pgText.length
  if (length === 19) return `${pgText.slice(0, 10)}T${pgText.slice(11)}Z`
  if (pgText.charCodeAt(19) === DOT && pgText.charCodeAt(length - 1) !== LETTER_C && length <= 26) {
    return `${pgText.slice(0, 10)}T${pgText.slice(11)}${ZEROS[26 - length]}Z`
  }
  return formatRare(pgText)
}

const DOT = 46
/** The end of a year BC. */
const LETTER_C = 67
const ZEROS = ['', '0', '00', '000', '0000', '00000']
const ANY_YEAR = /^(\d{4,6})-(\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?( BC)?$/

function formatRare(pgText: string): string {
  const found = ANY_YEAR.exec(pgText)
  if (!found) return pgText
  const [, digits = '', day, time, fraction, bc] = found
  // ISO 8601 has a year 0: 1 BC is 0000, 44 BC is -0043.
  const year = bc ? `-${String(Number(digits) - 1).padStart(4, '0')}`.replace('-0000', '0000') : digits
  return `${year}-${day}T${time}${fraction ? `.${fraction.padEnd(6, '0')}` : ''}Z`
}
