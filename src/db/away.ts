/**
 * Tells the kinds of failure that are worth another try from all others: the database is not there (a restart, a failover,
 * a cut line), its disk is full, and the statement lost against another transaction.
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

/** Whether PostgreSQL ended a transaction in favour of another one: serialization failure, deadlock. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}
