import pino from 'pino'
import type { Config } from '../config.ts'
import { type Destination, openDestination } from './destination.ts'

/** What is logged of a request. */
export interface AccessEntry {
  /** When the request ended, in milliseconds since 1970. */
  readonly at: number
  readonly id: string
  readonly method: string
  /** The path without its query, with activation codes masked. */
  readonly path: string
  /** The version of HTTP, like 1.1. */
  readonly version: string
  readonly status: number
  /** Bytes of the answer's body. */
  readonly bytes: number
  /** From the request's head to the end of the answer, in milliseconds. */
  readonly ms: number
  readonly client: string
  /** The account's id; null where nobody is signed in. */
  readonly user: string | null
  /** The client left before it had the whole answer. */
  readonly aborted: boolean
  readonly referer: string | undefined
  readonly userAgent: string | undefined
}

/** A log of requests. */
export interface AccessLog {
  /** Logs a request, a moment later. */
  add(entry: AccessEntry): void
}

/**
 * Lines are printed together: that takes a fraction of the time, and none while the next request of a client that sends one
 * after the other arrives. They wait for HOLD_MS at most, and are not more than MANY, which take less than a millisecond.
 */
const HOLD_MS = 50
const MANY = 64

/**
 * Opens the log of requests where ACCESS_LOG says: JSON lines, or with LOG_FORMAT=gunicorn the combined form. Null when it
 * is off. What waits when the process exits is written then.
 *
 * @throws ConfigError when its file can't be written.
 */
export function openAccessLog(config: Pick<Config, 'accessLog' | 'logFormat'>): AccessLog | null {
  if (config.accessLog === null) return null
  const destination = openDestination(config.accessLog === '-' ? 1 : config.accessLog, 'ACCESS_LOG', { sync: false })
  const print = config.logFormat === 'gunicorn' ? printCombined(destination) : printJson(destination)
  let waiting: AccessEntry[] = []
  const printAll = () => {
    const entries = waiting
    waiting = []
    for (const entry of entries) print(entry)
  }
  process.on('exit', () => {
    printAll()
    destination.flush()
  })
  return {
    add(entry) {
      waiting.push(entry)
      if (waiting.length >= MANY) printAll()
      else if (waiting.length === 1) setTimeout(printAll, HOLD_MS).unref()
    },
  }
}

function printJson(destination: Destination): (entry: AccessEntry) => void {
  const logger = pino({ base: null, timestamp: false }, destination)
  return (entry) => logger.info(jsonFields(entry), 'request')
}

const printCombined = (destination: Destination) => (entry: AccessEntry) => destination.write(combinedLine(entry))

/** The fields of a JSON line. */
export function jsonFields({ at, id, method, path, status, bytes, ms, client, user, aborted }: AccessEntry) {
  return {
    time: new Date(at).toISOString(),
    id,
    method,
    path,
    status,
    bytes,
    ms: Math.round(ms * 10) / 10,
    client,
    user,
    ...(aborted ? { aborted } : {}),
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** gunicorn's default form (the combined log format), then milliseconds and request id. */
export function combinedLine(entry: Omit<AccessEntry, 'aborted'>): string {
  const iso = new Date(entry.at).toISOString()
  const time = `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
  const request = `${entry.method} ${quoted(entry.path)} HTTP/${entry.version}`
  const [referer] = (entry.referer ?? '-').split(/[?#]/, 1)
  return (
    `${entry.client} - ${entry.user ?? '-'} [${time}] "${request}" ${entry.status} ${entry.bytes} ` +
    `"${quoted(referer ?? '-')}" "${quoted(entry.userAgent ?? '-')}" ${entry.ms.toFixed(1)} ${entry.id}\n`
  )
}

/** Nothing that a client sends ends the quotes or the line. */
const quoted = (text: string) =>
  text.replace(/["\\\p{Cc}]/gu, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
