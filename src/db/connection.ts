import type { ClientConfig } from 'pg'
import { columnTypes } from './column-types.ts'
import { takeTls } from './tls.ts'

export interface SessionOptions {
  readonly applicationName: string
  /** 0 is no limit, whatever the role's own setting. */
  readonly statementTimeoutMs: number
}

/** A new connection that does not stand after this long counts as "the database is away". */
const connectTimeoutMs = 5_000
const keepAliveAfterMs = 10_000
/**
 * For PostgreSQL's end of a connection whose other end has gone without a word: its transaction holds locks until then, by
 * default for two hours.
 */
const goneAfter = [
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=25000',
]
/** What makes the triggers of migration 0011 leave our sessions alone: they mark what they write themselves. */
const ownMarks = 'ibutsu_ts.marks=own'

/**
 * node-pg's configuration of one client for a URL (`postgresql+driver://` is understood too). The session settings
 * hold what our SQL relies on: moments are UTC and are printed in ISO form, however the server or the role is set up.
 * @throws Error when the TLS that the URL wants is none (see `takeTls`)
 * Behind PgBouncer this needs `ignore_startup_parameters = options`, or a version that passes them on.
 */
export function toClientConfig(url: string, session: SessionOptions): ClientConfig {
  const settings = [
    'TimeZone=UTC',
    'DateStyle=ISO,MDY',
    `statement_timeout=${session.statementTimeoutMs}`,
    ownMarks,
    ...goneAfter,
  ]
  const { plain, theirs, ssl } = splitUrl(url)
  return {
    connectionString: plain,
    ...(ssl === undefined ? {} : { ssl }),
    application_name: session.applicationName,
    options: [theirs, ...settings.map((setting) => `-c ${setting}`)].join(' ').trim(),
    types: columnTypes,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
  }
}

/** Takes `options` out of a URL, as node-pg would let them replace ours, what it says of TLS, and SQLAlchemy's driver name. */
function splitUrl(url: string) {
  const plain = url.replace(/^postgres(ql)?(\+\w+)?:/, 'postgresql:')
  if (!URL.canParse(plain) || !/[?&](options|ssl\w+)=/.test(plain)) return { plain, theirs: '', ssl: undefined }
  const parsed = new URL(plain)
  const ssl = takeTls(parsed)
  const theirs = parsed.searchParams.get('options') ?? ''
  parsed.searchParams.delete('options')
  return { plain: parsed.href, theirs, ssl }
}
