/**
 * A grammar of the filter language (contract/filters.md 2 to 4), of PostgreSQL's regular expressions and of SQL injection,
 * from which a seed draws filters: most are well-formed, half of them reach the database, some are broken afterwards.
 */
import { type ColumnKind, tables } from '../../../src/filters/tables.ts'
import type { Random } from '../../process/helpers/seeded-random.ts'

export type TableName = keyof typeof tables

const OPERATORS = ['=', '!', '>', '<', ')', '(', '>=', '<=', '~', '%', '*', '@'] as const
/** What every kind of column takes. */
const ORDERING = ['=', '!', '>', '<', ')', '(', '>=', '<=', '*'] as const
const ROOTS = ['metadata', 'data', 'summary'] as const
const KEYS = ['count', 'tags', 'markers', 'annotations', 'jenkins', 'build_number', 'a', '', 'größe', 'toString', '0']
const COUNTS = ['tests', 'failures', 'errors', 'skips', 'passes', 'pass_percent', 'xfailures', 'xpasses', 'collected']
const UNKNOWN = [
  '_password',
  'activation_code',
  'constructor',
  '__proto__',
  'xmin',
  'ctid',
  'tableoid',
  "a'b",
  'to_dict',
]
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates of other languages
const INJECTIONS = [
  "'",
  "''",
  "' or '1'='1",
  "'; drop table results; --",
  "'::text) is not null or (1=1",
  "') union select _password from users --",
  '$1',
  '$$',
  '${1}',
  '" or ""="',
  '\\',
  "\\'",
  "E'\\x27'",
  'U&"\\0027"',
  '/* */',
  '-- ',
  ';select pg_sleep(9)',
  "'||pg_sleep(9)||'",
  '%s%n%x',
  '{{7*7}}',
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
const NUMBERS = [
  '0',
  '5',
  '-0',
  '1e5',
  '1e400',
  '-1e-400',
  '1e999999999',
  '.5',
  '1.',
  '+3',
  '1_0',
  'nan',
  '-inf',
  '0x1f',
]
const TIMES = [
  '2024-01-01',
  '2024-02-30',
  '0000-00-00',
  '9999-12-31T23:59:59-14:00',
  '0001-01-01T00:00:00+14:00',
  '294277-01-01',
  '4714-11-24 BC',
  'infinity',
  'yesterday',
  '24:00',
  '2024-06-01T12:00:60Z',
]
const CHARACTERS = [
  '\0',
  '\ud800',
  '\udc00',
  '😀',
  'é',
  '\u202e',
  '\u2028',
  '\n',
  '\r',
  '\t',
  '\u{10FFFF}',
  '\ufeff',
  ' ',
]
const PATTERN_ATOMS = [
  'a',
  '.',
  '[a-z]',
  '[^x]',
  '[[:alpha:]]',
  '[[:<:]]',
  '\\d',
  '\\m',
  '\\y',
  '\\1',
  '\\x00',
  '^',
  '$',
  '',
]
const PATTERN_QUANTIFIERS = ['', '', '*', '+', '?', '{2}', '{1,3}', '{255}', '{256}', '{2,1}', '*?', '{,3}', '**']
const PATTERN_BREAKS = [
  '(',
  ')',
  '[',
  '{',
  '(?',
  '(?<=x)',
  '(?!x)',
  '***:',
  '***=',
  '(?q)',
  '\\',
  '[z-a]',
  '[[:no:]]',
  '[[.a.]]',
]

/** Draws filter texts for a table, very long and very deep ones among them. */
export function createFilterGrammar(random: Random) {
  const chance = (probability: number) => random.next() < probability
  const several = (low: number, high: number, make: () => string, separator = '') =>
    Array.from({ length: random.between(low, high) }, make).join(separator)

  const path = () => {
    const depth = chance(0.03) ? random.between(60, 70) : random.between(0, 3)
    return [random.pick(ROOTS), ...Array.from({ length: depth }, () => random.pick([...KEYS, ...COUNTS]))].join('.')
  }
  const field = (table: TableName): string => {
    const dice = random.next()
    if (dice < 0.45) return random.pick(Object.keys(tables[table].columns))
    if (dice < 0.8) return path()
    if (dice < 0.9) return `summary.${random.pick(COUNTS)}`
    return random.pick(UNKNOWN)
  }
  const uuid = () =>
    random.pick([random.uuid(), random.uuid().toUpperCase(), `{${random.uuid()}}`, random.uuid().slice(1)])
  const pattern = (depth = 0): string =>
    several(1, 4, () => {
      if (chance(0.06)) return random.pick(PATTERN_BREAKS)
      const group = depth < 3 && chance(0.25)
      const atom = group
        ? `(${chance(0.3) ? '?:' : ''}${pattern(depth + 1)}|${pattern(depth + 1)})`
        : random.pick(PATTERN_ATOMS)
      return atom + random.pick(PATTERN_QUANTIFIERS)
    })
  const json = (): string => random.pick(['{"a": 1}', '[1]', '"x"', 'null', 'true', '{', '[[', '"\\u0000"', '1e400'])
  const like = () => several(1, 5, () => random.pick(['%', '_', '\\', 'a', 'Passed', '\\%', '%%']))
  const long = () => random.pick(['9', 'a', '(', '"', '%', ';', '\\', '[']).repeat(random.pick([256, 1000, 1001, 3000]))
  const value = (operator: string): string => {
    const dice = random.next()
    if (operator === '~' && dice < 0.7) return pattern()
    if (operator === '%' && dice < 0.5) return like()
    if (operator === '*' && dice < 0.6) return several(0, 5, () => simple(), ';')
    if (operator === '@' && dice < 0.6) return random.pick(['y', 't', '1', 'n', '0', '', 'ÿ', 'İ'])
    return dice > 0.97 ? long() : simple()
  }
  const simple = (): string =>
    random.pick([
      () => random.pick(INJECTIONS),
      () => random.pick(NUMBERS),
      () => String(random.between(-(2 ** 33), 2 ** 33)),
      () => random.pick(TIMES),
      uuid,
      json,
      () => random.pick(['passed', 'failed', 'true', 'f', 'of', 'NULL', '']),
      () => several(1, 4, () => random.pick(CHARACTERS)),
      () => random.pick(NUMBERS) + random.pick(INJECTIONS),
      () => `"${random.pick(INJECTIONS)}"`,
    ])()
  const breakUp = (text: string): string => {
    const at = random.between(0, text.length)
    return random.pick([
      () => text.slice(0, at),
      () => text.slice(0, at) + random.pick([...CHARACTERS, ...INJECTIONS, ...OPERATORS]) + text.slice(at),
      () => text.slice(0, at) + text.slice(at + 1),
      () => text + text,
      () => text.toUpperCase(),
    ])()
  }
  /** A value that the column takes, so that the filter gets past the checks. */
  const fitting = (kind: ColumnKind): string => {
    switch (kind) {
      case 'uuid':
        return random.uuid()
      case 'timestamp':
        return random.pick(['2024-06-05', '2024-06-01T12:00:00+02:00', 'yesterday', 'infinity', '9999-12-31'])
      case 'boolean':
        return random.pick(['true', 'f', 'on', '0'])
      case 'integer':
      case 'double':
        return random.pick(['5', '-1', '0', '2147483647'])
      default:
        return simple()
    }
  }
  const one = (table: TableName): string => {
    const name = field(table)
    const column: { readonly kind: ColumnKind } | undefined = Object.entries(tables[table].columns).find(
      ([known]) => known === name,
    )?.[1]
    if (column && chance(0.6)) {
      const searchable = column.kind === 'text' ? OPERATORS : ORDERING
      return `${name}${random.pick(searchable)}${fitting(column.kind)}`
    }
    const operator = random.pick(OPERATORS)
    const text = `${name}${operator}${value(operator)}`
    return chance(0.12) ? breakUp(text) : text
  }

  return {
    /** One text of the query parameter: mostly one filter, sometimes several that are joined with commas. */
    filter: (table: TableName): string => (chance(0.15) ? several(2, 4, () => one(table), ',') : one(table)),
    /** A value of another parameter: a name to group or to sort by, a count, an id. */
    parameter: (): string => {
      const text = random.pick([path, simple, uuid, () => random.pick(UNKNOWN), () => like(), () => pattern()])()
      return chance(0.1) ? breakUp(text) : text
    },
  }
}
