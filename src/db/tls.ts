import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const
type Mode = (typeof modes)[number]
const parameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const

/**
 * Takes TLS out of a database URL and says it in Node's words; undefined where the URL says nothing. The parameters mean
 * what they mean to libpq, whose URLs operators have: node-pg takes `require` for `verify-full`, and a server whose
 * certificate nobody has signed, which Ibutsu talks to, would be refused. Never falls back to a line in the clear.
 *
 * - `require` (also for `allow`, `prefer`): encrypted, the certificate is not looked at; with `sslrootcert` as `verify-ca`.
 * - `verify-ca`: signed by an authority of `sslrootcert`. `verify-full`: and made out to the host.
 * - `sslrootcert`: a file; `system`, or none with `verify-full`, are the authorities that Node knows.
 *
 * @throws Error for an unknown mode, a file that cannot be read, and `verify-ca` without its authorities
 */
export function takeTls(url: URL): ConnectionOptions | false | undefined {
  const [given, root, cert, key] = parameters.map((name) => {
    const value = url.searchParams.get(name) || undefined
    url.searchParams.delete(name)
    return value
  })
  if (!given && !root && !cert && !key) return undefined
  const mode = (given ?? 'prefer') as Mode
  if (!modes.includes(mode)) throw new Error(`sslmode must be one of ${modes.join(', ')}, not "${given}"`)
  if (mode === 'disable') return false
  const isFull = mode === 'verify-full'
  if (mode === 'verify-ca' && (!root || root === 'system')) {
    throw new Error('sslmode=verify-ca needs sslrootcert, a file with the authority that signed the certificate')
  }
  return {
    ...(root && root !== 'system' ? { ca: readPem('sslrootcert', root) } : {}),
    ...(cert ? { cert: readPem('sslcert', cert) } : {}),
    ...(key ? { key: readPem('sslkey', key) } : {}),
    rejectUnauthorized: mode !== 'no-verify' && (isFull || root !== undefined),
    ...(isFull || root === 'system' ? {} : { checkServerIdentity: () => undefined }),
  }
}

function readPem(parameter: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${parameter} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
