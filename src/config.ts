import type { BindAddress } from './settings/bind-address.ts'
import { ConfigError } from './settings/config-error.ts'
import { readFlags } from './settings/flags.ts'
import { type Environment, type Given, readSources, type Sources } from './settings/sources.ts'
import { type Setting, settings } from './settings.ts'

export { ConfigError } from './settings/config-error.ts'

type Value<S> = S extends Setting<infer T> ? T : never

/** The settings, read once at the start and frozen. Keys and meanings: the table in `settings.ts`. */
export type Config = { readonly [K in keyof typeof settings]: Value<(typeof settings)[K]> }

/**
 * Reads every setting; later wins: default, default.settings.yaml, settings.yaml and the file of APP_CONFIG (relative to
 * `cwd`), environment, `FLASK_` environment, flags. The only place that reads the process's environment.
 *
 * @param argv the words after the command.
 * @throws ConfigError naming the variable, flag or file that does not fit, and what is allowed.
 */
export function readConfig(
  env: Environment = process.env,
  argv: readonly string[] = [],
  cwd: string = process.cwd(),
): Config {
  const table = Object.values<Setting>(settings)
  const flags = readFlags(table, argv)
  const sources = readSources(table, { env, cwd, appConfig: flags.get('config') })
  const values = Object.entries<Setting>(settings).map(([key, setting]) => [key, readSetting(setting, sources, flags)])
  return Object.freeze(Object.fromEntries(values)) as Config
}

function readSetting(setting: Setting, sources: Sources, flags: ReadonlyMap<string, string>): unknown {
  const given = findGiven(setting, sources, flags)
  const text = given?.text ?? setting.fallback
  if (text === undefined) return undefined
  try {
    return setting.read(text)
  } catch (error) {
    const value = setting.secret ? '' : `, not "${text}"`
    throw new ConfigError(`${given?.label ?? setting.env[0]} ${(error as Error).message}${value}`)
  }
}

function findGiven(setting: Setting, sources: Sources, flags: ReadonlyMap<string, string>): Given | undefined {
  const flagged = setting.flag ? flags.get(setting.flag) : undefined
  if (flagged !== undefined) return { text: flagged, label: `--${setting.flag}` }
  const name = setting.env.find((candidate) => sources.has(candidate))
  return name ? sources.get(name) : undefined
}

/** Where the server listens: BIND, or HOST and PORT. */
export function bindAddress(config: Config): BindAddress {
  return config.bind ?? { kind: 'tcp', host: config.host, port: config.port }
}

/** Where the database is, or undefined when none is configured (then the embedded one runs). */
export function databaseUrl(config: Config): string | undefined {
  if (config.databaseUrl) return config.databaseUrl.replace(/^postgres(ql)?(\+\w+)?:/, 'postgresql:')
  if (!config.databaseHost && !config.databaseName) return undefined
  const url = new URL('postgresql://localhost')
  url.hostname = config.databaseHost || 'localhost'
  url.port = String(config.databasePort)
  url.username = encodeURIComponent(config.databaseUser)
  url.password = encodeURIComponent(config.databasePassword ?? 'ibutsu')
  url.pathname = `/${encodeURIComponent(config.databaseName || 'ibutsu')}`
  if (config.databaseSslMode) url.searchParams.set('sslmode', config.databaseSslMode)
  return url.href
}
