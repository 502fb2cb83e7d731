/**
 * Tells the kinds of failure that are worth another try from all others: the database is not there (a restart, a failover,
 * a cut line, a certificate that nobody trusts), its disk is full, it takes no writes, and the statement lost against
 * another transaction.
 */

const awayStates = new Set([
  '57P01', // admin_shutdown, also pg_terminate_backend
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up, shutting down
  '53300', // too_many_connections: passes as soon as a roll is over
])

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  'ENOTFOUND',
])

/** What Node says of a server's certificate that it does not trust; see also `ERR_SSL_` and `ERR_TLS_`. */
const untrusted = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What node-pg says, without a code, of a server that has no TLS. */
const tlsMessages = ['The server does not support SSL connections', 'There was an error establishing an SSL connection']

/** What node-pg says, without a code, when a connection ends under it. */
const awayMessages = [
  'Connection terminated',
  'timeout expired',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
]

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** Whether the error says that the database (or the way to it) is not there. The connection is lost then. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined) {
    if (awayStates.has(code) || awayCodes.has(code)) return true
    if (/^08\w{3}$/.test(code)) return true
    // The socket of a server that is down; any other ENOENT is a missing file.
    if (code === 'ENOENT') return error instanceof Error && 'syscall' in error && error.syscall === 'connect'
    return false
  }
  return error instanceof Error && awayMessages.some((message) => error.message.startsWith(message))
}

/** Whether PostgreSQL has no room to store anything: its disk is full. It is there, and its connections stay usable. */
export function isFull(error: unknown): boolean {
  return codeOf(error) === '53100'
}

/**
 * Whether there is no connection because of TLS: the server has none, or a certificate that is not trusted. Waiting helps
 * only once somebody has put that right.
 */
export function isRefusedTls(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined) return untrusted.has(code) || /^ERR_(SSL|TLS)_/.test(code)
  return error instanceof Error && tlsMessages.some((message) => error.message.startsWith(message))
}

/**
 * Whether the database takes no writes: it is a standby, the old primary after a failover, or somebody has switched it. A
 * new connection may lead to one that does.
 */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006'
}

/** Whether a lock was not to be had within `lock_timeout`. */
export function isHeld(error: unknown): boolean {
  return codeOf(error) === '55P03'
}

/** Whether PostgreSQL ended a transaction in favour of another one: serialization failure, deadlock. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}
