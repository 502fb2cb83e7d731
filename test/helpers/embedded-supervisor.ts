/** A process that runs the embedded PostgreSQL of a folder, for tests that kill it: `fork(this, [dataDir])`. */
import { pino } from 'pino'
import { startEmbedded } from '../../src/db/embedded.ts'

export type SupervisorMessage = { readonly url: string } | { readonly error: string; readonly message: string }

const [, , dataDir = ''] = process.argv
const tell = (message: SupervisorMessage) => process.send?.(message)

try {
  const { url, stop } = await startEmbedded({ dataDir, log: pino({ level: 'silent' }), settings: ['fsync=off'] })
  process.on('SIGTERM', () => stop().then(() => process.exit(0)))
  tell({ url })
} catch (error) {
  if (!(error instanceof Error)) throw error
  tell({ error: error.name, message: error.message })
  process.disconnect()
}
