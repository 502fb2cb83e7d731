import type { RedisOptions } from 'ioredis'

/**
 * What a broker URL says: `redis://`, `rediss://` (TLS; Celery's `ssl_cert_reqs=none` and `=CERT_NONE` switch the check of
 * the certificate off, `ssl_ca_certs` is left to NODE_EXTRA_CA_CERTS) and `redis+socket://` with user, password and
 * database number. Null for the brokers of others (amqp, sqs, memory …).
 */
export function redisOptionsOf(text: string): RedisOptions | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const account = {
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  }
  if (['redis+socket:', 'unix:'].includes(url.protocol)) {
    const db = url.searchParams.get('virtual_host') ?? url.searchParams.get('db')
    return { ...account, path: decodeURIComponent(url.pathname), db: databaseNumber(db) }
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') return null
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1'
  const db = databaseNumber(url.searchParams.get('db') ?? url.pathname.slice(1))
  const plain = { ...account, host, port: url.port ? Number(url.port) : 6379, db }
  if (url.protocol === 'redis:') return plain
  const unchecked = /^(cert_)?none$/i.test(url.searchParams.get('ssl_cert_reqs') ?? '')
  return { ...plain, tls: unchecked ? { rejectUnauthorized: false } : { servername: host } }
}

function databaseNumber(text: string | null): number {
  return text && /^\d{1,5}$/.test(text) ? Number(text) : 0
}
