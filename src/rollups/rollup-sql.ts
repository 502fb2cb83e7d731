/** The words that the statements on rollups share. */
import { raw, type Sql } from 'sql-template-tag'

/** Stands for "no project" in rollups. */
export const NO_PROJECT = '00000000-0000-0000-0000-000000000000'

/** The project of a row as rollups have it. */
export const placedProject: Sql = raw(`coalesce(project_id, '${NO_PROJECT}'::uuid)`)

/** 16 bytes of SHA-256, which stand for a value of any length in a key. */
export function valueHash(value: string): Sql {
  return raw(`encode(substring(sha256(convert_to(${value}, 'UTF8')) for 16), 'hex')::uuid`)
}

/** The sums that rollups of runs keep, in the order of `run_contributions.numbers`; `exact_` ones keep fractions. */
export const runNumbers = [
  'tests',
  'errors',
  'failures',
  'skips',
  'xfailures',
  'xpasses',
  'exact_tests',
  'exact_errors',
  'exact_failures',
  'exact_skips',
] as const

export type RunNumber = (typeof runNumbers)[number]

/** A text for each of the runs' numbers, joined. */
export function eachNumber(print: (name: RunNumber, place: number) => string, separator = ', '): Sql {
  return raw(runNumbers.map((name, index) => print(name, index + 1)).join(separator))
}
