/** A day of the proleptic Gregorian calendar. */
interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND
const MS_PER_DAY = 86_400_000
/** Longer texts are no times: a fraction may be long, but not that long. */
const MAX_LENGTH = 100

const PLAIN = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{6}))?(?:Z|\+00:00)?$/
const CALENDAR = /^(\d{4})(?:-(\d{2})-(\d{2})|(\d{2})(\d{2}))/
// A digit that follows "-D" makes the hyphen the separator of a time: 2024-W10-09:30 is 09:30 on that Monday.
const WEEK = /^(\d{4})(?:-W(\d{2})(?:-(\d)(?!\d))?|W(\d{2})(\d)?)/
const CLOCK = /^(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d*))?)?|(\d{2})(?:(\d{2})(?:[.,](\d*))?)?)?$/
const ZONE = /^([^Zz+-]+?) ?(?:[Zz]|([+-])(.+))?$/

/**
 * Reads an ISO 8601 date or moment the way Python 3.11's `fromisoformat` does (contract/data-model.md 5.1) and
 * gives it in UTC as `YYYY-MM-DDTHH:MM:SS[.ffffff]`, the fraction only when it is not zero; null when unreadable
 * or outside the years 1 to 9999. A text without a zone is UTC.
 *
 * Beyond Python (R1): a lower-case `z`, one space before the zone, `24:00` for the end of a day, a dot without digits.
 * Short of Python: the separator must not be a digit, or the epoch milliseconds 1612121212123 would be a date.
 */
export function parseTime(text: string): string | null {
  if (text.length > MAX_LENGTH) return null
  const plain = PLAIN.exec(text)
  if (plain) {
    const date = calendarDate(plain[1], plain[2], plain[3])
    const inRange = Number(plain[4]) < 24 && Number(plain[5]) < 60 && Number(plain[6]) < 60
    if (date && inRange) return text.slice(0, plain[7] === undefined || plain[7] === '000000' ? 19 : 26)
  }
  const found = readDate(text)
  if (!found) return null
  const rest = text.slice(found.length)
  if (rest === '') return print(found.date, 0)
  const separator = String.fromCodePoint(rest.codePointAt(0) ?? 0)
  if (/\d/.test(separator)) return null
  const micros = readTimeOfDay(rest.slice(separator.length))
  return micros === null ? null : print(found.date, micros)
}

/** The current moment in the form that `parseTime` gives. The clock tells epoch milliseconds, fractions allowed. */
export function nowUtc(clock: () => number | Date = Date.now): string {
  const now = Number(clock())
  const second = Math.floor(now / 1000)
  const micros = Math.floor((now - second * 1000) * 1000)
  return new Date(second * 1000).toISOString().slice(0, 19) + fraction(micros)
}

function readDate(text: string): { date: CivilDate; length: number } | null {
  const calendar = CALENDAR.exec(text)
  if (calendar) {
    const date = calendarDate(calendar[1], calendar[2] ?? calendar[4], calendar[3] ?? calendar[5])
    return date && { date, length: calendar[0].length }
  }
  const week = WEEK.exec(text)
  if (!week) return null
  const date = weekDate(Number(week[1]), Number(week[2] ?? week[4]), Number(week[3] ?? week[5] ?? 1))
  return date && { date, length: week[0].length }
}

function calendarDate(
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
): CivilDate | null {
  const year = Number(yearText)
  const month = Number(monthText)
  const day = Number(dayText)
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  return { year, month, day }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** ISO weeks begin on Monday; week 1 holds January 4th. */
function weekDate(year: number, week: number, day: number): CivilDate | null {
  if (year < 1 || week < 1 || week > 53 || day < 1 || day > 7) return null
  const start = firstMonday(year)
  const monday = start + (week - 1) * 7
  if (monday >= firstMonday(year + 1)) return null
  return civilDate(monday + day - 1)
}

function firstMonday(year: number): number {
  const january4 = dayNumber({ year, month: 1, day: 4 })
  // Day 0 of the epoch was a Thursday, so (n + 3) mod 7 is 0 on Mondays.
  return january4 - ((((january4 + 3) % 7) + 7) % 7)
}

/** Days since 1970-01-01. */
function dayNumber({ year, month, day }: CivilDate): number {
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; 400 years are a whole number of days and weeks.
  return Date.UTC(year + 400, month - 1, day) / MS_PER_DAY - 146_097
}

function civilDate(days: number): CivilDate | null {
  const date = new Date(days * MS_PER_DAY)
  const year = date.getUTCFullYear()
  if (year < 1 || year > 9999) return null
  return { year, month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** Microseconds since midnight UTC, below zero or over a day where the offset says so. */
function readTimeOfDay(text: string): number | null {
  if (text === '') return 0
  const zone = ZONE.exec(text)
  if (!zone) return null
  const time = readClock(zone[1] ?? '')
  if (time === null || time > MICROS_PER_DAY) return null
  if (zone[3] === undefined) return time
  const offset = readClock(zone[3])
  if (offset === null || offset >= MICROS_PER_DAY) return null
  return zone[2] === '-' ? time + offset : time - offset
}

function readClock(text: string): number | null {
  const clock = CLOCK.exec(text)
  if (!clock) return null
  const hours = Number(clock[1])
  const minutes = Number(clock[2] ?? clock[5] ?? 0)
  const seconds = Number(clock[3] ?? clock[6] ?? 0)
  if (hours > 24 || minutes > 59 || seconds > 59) return null
  const digits = clock[4] ?? clock[7] ?? ''
  return (hours * 3600 + minutes * 60 + seconds) * MICROS_PER_SECOND + Number(digits.slice(0, 6).padEnd(6, '0'))
}

function print(date: CivilDate, micros: number): string | null {
  const shift = Math.floor(micros / MICROS_PER_DAY)
  const shifted = shift === 0 ? date : civilDate(dayNumber(date) + shift)
  if (!shifted) return null
  const rest = micros - shift * MICROS_PER_DAY
  const seconds = Math.floor(rest / MICROS_PER_SECOND)
  const day = `${String(shifted.year).padStart(4, '0')}-${pad(shifted.month)}-${pad(shifted.day)}`
  const time = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
  return `${day}T${time}${fraction(rest % MICROS_PER_SECOND)}`
}

function pad(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}

function fraction(micros: number): string {
  return micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`
}
