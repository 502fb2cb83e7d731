import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'

/** The account that a start without configuration makes. */
const LOCAL_EMAIL = 'admin@example.com'

/**
 * Completes a configuration for the embedded start: a signing key and a superadmin's password that were not set are made
 * once and kept in `secrets.json` of the data folder, readable by its owner only.
 */
export async function withLocalSecrets(config: Config): Promise<Config> {
  const file = join(config.dataDir, 'secrets.json')
  const kept = await readSecrets(file)
  const secrets = {
    jwtSecret: kept.jwtSecret ?? randomBytes(32).toString('base64url'),
    superadminPassword: kept.superadminPassword ?? randomBytes(9).toString('base64url'),
  }
  if (!kept.jwtSecret || !kept.superadminPassword) {
    await mkdir(config.dataDir, { recursive: true })
    await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  }
  return Object.freeze({
    ...config,
    jwtSecret: config.jwtSecret ?? secrets.jwtSecret,
    superadminEmail: config.superadminEmail ?? LOCAL_EMAIL,
    superadminPassword: config.superadminPassword ?? secrets.superadminPassword,
  })
}

async function readSecrets(file: string): Promise<{ jwtSecret?: string; superadminPassword?: string }> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
