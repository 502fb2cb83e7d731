import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BenchDatabase } from './bench-database.ts'
import { admin } from './measure.ts'
import { findFreePort, runCommand, type Served, startServer } from './processes.ts'

export interface OurServer {
  /** Brings the database's schema up to date, and the rollups of what is stored. */
  migrate(): Promise<void>
  /** It makes the superadmin. */
  start(): Promise<Served>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'src/start.js')

/** Our server as a person would run it, its access log included, with these settings besides. */
export async function prepareOurs(
  database: BenchDatabase,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<OurServer> {
  const port = await findFreePort()
  const base = {
    PATH: process.env.PATH ?? '',
    SQLALCHEMY_DATABASE_URI: database.url,
    JWT_SECRET: randomBytes(32).toString('hex'),
    IBUTSU_SUPERADMIN_EMAIL: admin.email,
    IBUTSU_SUPERADMIN_PASSWORD: admin.password,
    HOST: '127.0.0.1',
    PORT: String(port),
    ACCESS_LOG: 'true',
    LOG_LEVEL: 'warn',
  }
  const logFile = join(database.folder, 'server.log')
  return {
    migrate: () => runCommand(process.execPath, [program, 'migrate'], { env: base, signal }),
    start: () =>
      startServer({
        ...{ name: 'the server', args: [program, 'serve'], env: { ...base, ...settings } },
        ...{ port, cwd: root, logFile, signal },
      }),
  }
}
