import type { Logger } from 'pino'
import { type Config, ConfigError, databaseUrl } from '../config.ts'
import { type Embedded, startEmbedded } from '../db/embedded.ts'
import { migrate, runDeferredMigrations } from '../db/migrate.ts'
import { seedSuperadmin } from '../features/admin-user/seed-superadmin.ts'
import { createApp } from '../http/app.ts'
import { listen } from '../http/listen.ts'
import { openContext } from '../open-context.ts'
import { withLocalSecrets } from './local-secrets.ts'
import { createLog } from './process-log.ts'

/**
 * Runs the server until a signal ends it. Opened in this order and closed in the opposite one: embedded database (when none
 * is configured), schema, context, superadmin, HTTP.
 */
export async function runServe(given: Config): Promise<void> {
  const log = createLog(given)
  const configured = databaseUrl(given)
  if (configured && !given.jwtSecret) throw new ConfigError('JWT_SECRET must be set: it signs the tokens')
  const config = configured ? given : await withLocalSecrets(given)
  const embedded = configured ? undefined : await startEmbedded({ dataDir: config.dataDir, log })
  const url = configured ?? (embedded as Embedded).url
  try {
    await serve(config, url, embedded, log)
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

async function serve(config: Config, url: string, embedded: Embedded | undefined, log: Logger): Promise<void> {
  const migrations = { url: config.databaseListenUrl ?? url, log }
  await migrate(migrations)
  const { ctx, close } = await openContext(config, url, log)
  await seedSuperadmin(ctx)
  const web = await listen(await createApp(ctx), config.port, config.host)
  log.info({ host: config.host, port: web.port }, 'listening')
  if (embedded) process.stdout.write(welcome(config, web.port))
  runDeferredMigrations(migrations).catch((error) =>
    log.error({ err: error }, 'index builds failed; the server works without, the next start tries again'),
  )
  await untilSignal()
  log.info('stopping')
  await web.close()
  await close()
  await embedded?.stop()
  process.exit(0)
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.once(signal, () => resolve())
  })
}

function welcome(config: Config, port: number): string {
  const address = `http://127.0.0.1:${port}`
  const login = JSON.stringify({ email: config.superadminEmail, password: config.superadminPassword })
  return `
  Ibutsu is at       ${address}   (the interface: ${address}/api/ui/)
  Log in with        ${config.superadminEmail} / ${config.superadminPassword}
  Its data is in     ${config.dataDir}

  A token for your tests:
  curl -s ${address}/api/login -H 'content-type: application/json' -d '${login}'

`
}
