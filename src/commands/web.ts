import type { Logger } from 'pino'
import { bindAddress, type Config, ConfigError, databaseUrl, readConfig } from '../config.ts'
import { createApp } from '../http/app.ts'
import { listen } from '../http/listen.ts'
import { createLog } from '../logging/process-log.ts'
import { startMetricsServer } from '../metrics/metrics-server.ts'
import { openContext } from '../open-context.ts'
import { askForRollups, finishDatabase, prepareDatabase } from '../processes/prepare-process.ts'
import { webTimeouts } from '../processes/web-timeouts.ts'
import { exitCodes } from '../supervisor/exit-codes.ts'
import { startLocalDatabase, welcome } from './local-database.ts'

/**
 * One web process without a supervisor, for a debugger and for `npm run dev`: the same application, also with the embedded
 * database. TERM and INT drain it.
 */
export async function runWebCommand(argv: readonly string[]): Promise<number> {
  const given = readConfig(process.env, argv)
  const log = createLog(given, 'web')
  if (databaseUrl(given)) return serveAlone(checkSecret(given), databaseUrl(given) ?? '', log)
  const embedded = await startLocalDatabase(given, log)
  try {
    const config = await embedded.complete(given)
    return await serveAlone(config, embedded.url, log, (address) => process.stdout.write(welcome(config, address)))
  } finally {
    await embedded.stop()
  }
}

async function serveAlone(
  config: Config,
  url: string,
  log: Logger,
  onListening: (address: string) => void = () => undefined,
): Promise<number> {
  const stopped = untilStopped()
  await prepareDatabase(config, url, log)
  const { ctx, close } = await openContext(config, url, log)
  const bind = bindAddress(config)
  if (bind.kind !== 'tcp') throw new ConfigError('BIND must be host:port for the web command')
  const web = await listen(await createApp(ctx), bind.port, bind.host, webTimeouts(config))
  const address = `http://${bind.host}:${web.port}`
  log.info(`Listening at: ${address} (${process.pid})`)
  onListening(address)
  const metricsServer =
    config.metricsBind && startMetricsServer({ bind: config.metricsBind, metrics: ctx.metrics, log })
  void finishDatabase(config, url, log).then(() => askForRollups(config, url, log))
  await stopped
  ctx.lifecycle.draining = true
  await web.drain(config.gracefulTimeoutSeconds * 1000)
  await metricsServer?.close()
  await close()
  return exitCodes.stopped
}

/** The settings of a process without a supervisor, which has no embedded database. */
export function readDevelopmentConfig(argv: readonly string[]): { readonly config: Config; readonly url: string } {
  const config = readConfig(process.env, argv)
  const url = databaseUrl(config)
  if (!url) throw new ConfigError('This command needs a database: set SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST')
  return { config: checkSecret(config), url }
}

function checkSecret(config: Config): Config {
  if (!config.jwtSecret) throw new ConfigError('JWT_SECRET must be set: it signs the tokens')
  return config
}

export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.once(signal, () => resolve())
  })
}
