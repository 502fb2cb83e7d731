import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface Authority {
  /** A file with its certificate, for `sslrootcert`. */
  readonly file: string
  /** Signs one for a host; `expired` was good for a day, years ago. */
  sign(host: string, options?: { readonly expired?: boolean }): Promise<Certificate>
  remove(): Promise<void>
}

/** Makes an authority of its own. */
export async function createAuthority(name: string): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'ibutsu-drill-ca-'))
  const path = (file: string) => join(folder, file)
  const openssl = (...flags: readonly string[]) => run('openssl', [...flags], { cwd: folder })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3650',
    '-subj',
    `/CN=${name}`,
  )
  let made = 0
  return {
    file: path('ca.pem'),
    async sign(host, { expired = false } = {}) {
      const own = `server-${made++}`
      await openssl('req', '-new', ...newKey, '-keyout', `${own}.key`, '-out', `${own}.csr`, '-subj', `/CN=${host}`)
      await writeFile(path('ext.cnf'), `subjectAltName=${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}\n`)
      // `openssl ca` is the one that takes a moment for the end; its database is two empty files.
      await writeFile(path('index.txt'), '')
      await writeFile(path('ca.cnf'), config)
      const until = expired ? '20200102000000Z' : '20990101000000Z'
      const between = ['-startdate', '20200101000000Z', '-enddate', until]
      const files = ['-in', `${own}.csr`, '-out', `${own}.pem`, '-extfile', 'ext.cnf']
      await openssl('ca', '-config', 'ca.cnf', '-batch', '-notext', ...between, ...files)
      return { cert: await readFile(path(`${own}.pem`), 'utf8'), key: await readFile(path(`${own}.key`), 'utf8') }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

const config = `[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
[any]
commonName = supplied
`
