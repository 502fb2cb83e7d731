import { isIP } from 'node:net'
import { type BindAddress, parseBind } from './bind-address.ts'

/**
 * One line of the settings table. `T` is the type that the value has in `Config`; it includes undefined where a setting
 * has neither a text nor a fallback.
 */
export interface Setting<T = unknown> {
  /** What its text looks like, for people: "whole number", "seconds". */
  readonly kind: string
  /** Environment variables that set it, the same names in settings files; the first that is set counts. */
  readonly env: readonly string[]
  /** The command-line flag without its dashes. */
  readonly flag?: string
  readonly fallback?: string
  /** Never shown in a message; `NAME_FILE` may name a file that holds it. */
  readonly secret?: boolean
  readonly about: string
  /** The section of the documentation that it is in. */
  readonly group?: string
  /**
   * Reads the text of a flag, variable or file.
   *
   * @throws Error saying what is allowed ("must be …").
   */
  read(text: string): T
}

/** Environment names, and flags (those begin with `--`), of one setting. */
type Names = string | readonly string[]

interface Description<T> {
  readonly kind: string
  readonly names: Names
  readonly about: string
  readonly fallback?: string | undefined
  readonly secret?: boolean
  readonly read: (text: string) => T
}

function define<T>({ kind, names, about, fallback, secret, read }: Description<T>): Setting<T> {
  const all = [names].flat()
  const flag = all.find((name) => name.startsWith('--'))?.slice(2)
  return {
    kind,
    env: all.filter((name) => !name.startsWith('--')),
    about,
    read,
    ...(flag ? { flag } : {}),
    ...(fallback === undefined ? {} : { fallback }),
    ...(secret ? { secret } : {}),
  }
}

const same = (text: string) => text

export const text = (names: Names, fallback: string, about: string): Setting<string> =>
  define({ kind: 'text', names, about, fallback, read: same })

/** A text that may be missing. An empty one counts as set. */
export const optional = (names: Names, about: string): Setting<string | undefined> =>
  define({ kind: 'text', names, about, read: same })

/** An optional text that never appears in messages and may come from a file. Secrets have no flags: `ps` shows those. */
export const secret = (names: Names, about: string): Setting<string | undefined> =>
  define({ kind: 'text', names, about, secret: true, read: same })

/** A whole number, from 0 unless `min` says otherwise. */
export const integer = (names: Names, fallback: string, about: string, min = 0, max = 1e15): Setting<number> =>
  define({
    kind: 'whole number',
    names,
    about,
    fallback,
    read(text) {
      const value = Number(text)
      if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value
      throw new Error(`must be a whole number${range(min, max)}`)
    },
  })

const MOST_FIELDS = 20

/** Names of text fields that rollups count by, separated by commas. */
export const rollupFields = (names: Names, about: string): Setting<readonly string[]> =>
  define({
    kind: 'fields',
    names,
    about,
    fallback: '',
    read(text) {
      const fields = text.split(',').map((field) => field.trim())
      const wanted = [...new Set(fields.filter((field) => field !== ''))]
      const isField = (field: string) =>
        /^(test_id|metadata(\.[^.]+)+)$/.test(field) && !/^metadata\.(tags|markers|annotations)$/.test(field)
      if (wanted.every(isField) && wanted.length <= MOST_FIELDS) return wanted
      throw new Error(`must be at most ${MOST_FIELDS} fields like metadata.sprint; lists (tags, markers) are none`)
    },
  })

/**
 * A port. Kubernetes sets PREFIX_PORT to `tcp://10.0.0.1:5432` for a service of that name: its number counts.
 */
export const port = (names: Names, fallback: string, about: string): Setting<number> => {
  const number = integer(names, fallback, about, 0, 65_535)
  return { ...number, read: (text) => number.read(text.replace(/^tcp:\/\/[^/]*:(?=\d+$)/, '')) }
}

function range(min: number, max: number): string {
  if (max < 1e15) return ` from ${min} to ${max}`
  return min > 0 ? ` from ${min}` : ''
}

/** A time in seconds; fractions are allowed. */
export const seconds = (names: Names, fallback: string, about: string): Setting<number> =>
  define({
    kind: 'seconds',
    names,
    about,
    fallback,
    read(text) {
      if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return Number(text)
      throw new Error('must be a number of seconds')
    },
  })

/** A part of a whole, 0 to 1. */
export const ratio = (names: Names, fallback: string, about: string): Setting<number> =>
  define({
    kind: 'ratio',
    names,
    about,
    fallback,
    read(text) {
      if (/^(0|1|0?\.\d{1,9}|1\.0{1,9})$/.test(text)) return Number(text)
      throw new Error('must be a number from 0 to 1')
    },
  })

/** True when its first letter is y, t or 1 in any case (access.md 9). */
export const flag = (names: Names, fallback: string, about: string): Setting<boolean> =>
  define({
    kind: 'switch',
    names,
    about,
    fallback,
    read(text) {
      if (text) return /^[yt1]/i.test(text)
      throw new Error('must be true or false')
    },
  })

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30 }

/** A size in bytes, with the units of Kubernetes (500M, 512Mi) or those with a B behind. */
export const size = (names: Names, fallback: string, about: string): Setting<number> =>
  define({
    kind: 'size',
    names,
    about,
    fallback,
    read(text) {
      const [, digits = '', unit = ''] = /^(\d{1,15})\s*([kmg]i?|)b?$/i.exec(text) ?? []
      if (digits) return Number(digits) * (UNITS[unit.toLowerCase()] ?? 1)
      throw new Error('must be a size like 512Mi, 1G or a number of bytes')
    },
  })

const oneOf = <T extends string>(words: readonly T[], word: string, aliases: Readonly<Record<string, T>> = {}): T => {
  const lower = word.toLowerCase()
  const found = words.find((candidate) => candidate === lower) ?? aliases[lower]
  if (found) return found
  throw new Error(`must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`)
}

/** One of some words, in any case. `aliases` are accepted without being documented. */
export const choice = <const T extends string>(
  names: Names,
  words: readonly T[],
  fallback: T,
  about: string,
  aliases: Readonly<Record<string, T>> = {},
): Setting<T> => define({ kind: words.join(', '), names, about, fallback, read: (text) => oneOf(words, text, aliases) })

/** One of some words, or nothing; an empty text is nothing. */
export const optionalChoice = <const T extends string>(
  names: Names,
  words: readonly T[],
  about: string,
): Setting<T | undefined> =>
  define({ kind: words.join(', '), names, about, read: (text) => (text ? oneOf(words, text) : undefined) })

const splitList = (text: string) =>
  text
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter(Boolean)

/** Some of a set of words, separated by commas; at least one, each once. */
export const choices = <const T extends string>(
  names: Names,
  words: readonly T[],
  fallback: string,
  about: string,
): Setting<readonly T[]> =>
  define({
    kind: 'list',
    names,
    about,
    fallback,
    read(text) {
      const given = splitList(text)
      const found = words.filter((word) => given.includes(word))
      if (found.length > 0 && given.every((word) => (words as readonly string[]).includes(word))) return found
      throw new Error(`must be a list of ${words.join(', ')}`)
    },
  })

/** Addresses and networks (CIDR), separated by commas; `*` alone is everyone, nothing is nobody. */
export const addresses = (names: Names, fallback: string, about: string): Setting<readonly string[]> =>
  define({
    kind: 'addresses',
    names,
    about,
    fallback,
    read(text) {
      const list = splitList(text)
      if (list.every((entry) => entry === '*' || isNetwork(entry))) return list
      throw new Error('must be *, or addresses and networks like 10.0.0.0/8, ::1')
    },
  })

function isNetwork(entry: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const version = isIP(address)
  return version > 0 && Number(prefix ?? 0) <= (version === 4 ? 32 : 128)
}

/** An address to listen on; `off` or nothing is none. */
export const bind = (names: Names, about: string): Setting<BindAddress | undefined> =>
  define({
    kind: 'address',
    names,
    about,
    read: (text) => (text === '' || text.toLowerCase() === 'off' ? undefined : parseBind(text)),
  })

/**
 * Where a log goes: `-` is standard output or error, `off` is null, all else a file. The words of a switch are
 * accepted, since ACCESS_LOG was one.
 */
export const logTarget = (names: Names, fallback: string, about: string): Setting<string | null> =>
  define({
    kind: 'file',
    names,
    about,
    fallback,
    read(text) {
      if (/^(|off|no|false|0|none)$/i.test(text)) return null
      return /^(on|yes|true|1)$/i.test(text) ? '-' : text
    },
  })

/** Header names and the values that mean https: JSON, or `Name=value` separated by commas. Keys are lower case. */
export const schemeHeaders = (
  names: Names,
  fallback: string,
  about: string,
): Setting<Readonly<Record<string, string>>> =>
  define({
    kind: 'headers',
    names,
    about,
    fallback,
    read(text) {
      const pairs = text.trim().startsWith('{') ? jsonPairs(text) : splitList(text).map((pair) => pair.split('='))
      const ok = pairs.every((pair) => pair.length === 2 && /^[\w-]+$/.test(String(pair[0])) && pair[1])
      if (!ok) throw new Error('must be like X-Forwarded-Proto=https, or a JSON object')
      return Object.fromEntries(pairs.map(([name, value]) => [String(name).toLowerCase(), String(value).toLowerCase()]))
    },
  })

function jsonPairs(text: string): (readonly [string, unknown] | readonly unknown[])[] {
  try {
    return Object.entries(JSON.parse(text) as Record<string, unknown>)
  } catch {
    return [[]]
  }
}

/** Puts settings into one section of the documentation. */
export function inGroup<S extends Readonly<Record<string, Setting>>>(group: string, settings: S): S {
  const entries = Object.entries(settings).map(([key, setting]) => [key, { ...setting, group }])
  return Object.fromEntries(entries) as S
}
