import pino, { type Logger } from 'pino'
import type { Config } from '../config.ts'
import { openDestination } from './destination.ts'

/** What is logged of a request. */
export interface AccessEntry {
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

/** A log of requests: pino's logger, and what it is given of an entry. */
export interface AccessLog {
  readonly logger: Logger
  readonly fields: (entry: AccessEntry) => object
}

/**
 * Opens the log of requests where ACCESS_LOG says: JSON lines, or with LOG_FORMAT=gunicorn the combined form. Null when it
 * is off.
 *
 * @throws ConfigError when its file can't be written.
 */
export function openAccessLog(config: Pick<Config, 'accessLog' | 'logFormat'>): AccessLog | null {
  if (config.accessLog === null) return null
  const destination = openDestination(config.accessLog === '-' ? 1 : config.accessLog, 'ACCESS_LOG', { sync: false })
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (config.logFormat !== 'gunicorn') return { logger: pino(options, destination), fields: jsonFields }
  const write = (line: string) => destination.write(combinedLine(JSON.parse(line)))
  return { logger: pino(options, { write }), fields: (entry) => entry }
}

/** The fields of a JSON line. */
export function jsonFields({ id, method, path, status, bytes, ms, client, user, aborted }: AccessEntry) {
  return {
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
export function combinedLine(entry: Omit<AccessEntry, 'aborted'> & { readonly time: string }): string {
  const iso = entry.time
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
