import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { RedisOptions } from 'ioredis'

/**
 * What a broker URL says: `redis://`, `rediss://` (TLS, see `tlsOf`) and `redis+socket://` with user, password and database
 * number. Null for the brokers of others (amqp, sqs, memory …).
 *
 * @throws Error when a file that the URL names can't be read.
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
  return { ...plain, tls: tlsOf(host, url.searchParams) }
}

/**
 * TLS as Celery's parameters have it: `ssl_cert_reqs=none` and `=CERT_NONE` switch the check of the certificate off;
 * `ssl_ca_certs` names a file of the authorities that are trusted instead of the usual ones; `ssl_certfile` and
 * `ssl_keyfile` are our own certificate.
 */
function tlsOf(host: string, parameters: URLSearchParams): ConnectionOptions {
  const file = (option: string, parameter: string) => {
    const path = parameters.get(parameter)
    return path ? { [option]: readFileSync(path) } : {}
  }
  const unchecked = /^(cert_)?none$/i.test(parameters.get('ssl_cert_reqs') ?? '')
  return {
    ...(unchecked ? { rejectUnauthorized: false } : {}),
    // The extension knows names alone; an address is checked without it.
    ...(isIP(host) ? {} : { servername: host }),
    ...file('ca', 'ssl_ca_certs'),
    ...file('cert', 'ssl_certfile'),
    ...file('key', 'ssl_keyfile'),
  }
}

function databaseNumber(text: string | null): number {
  return text && /^\d{1,5}$/.test(text) ? Number(text) : 0
}
