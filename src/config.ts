import { type Setting, settings } from './settings.ts'

type Value<S> =
  S extends Setting<'integer'>
    ? number
    : S extends Setting<'flag'>
      ? boolean
      : S extends Setting<'text'>
        ? string
        : string | undefined

/** The settings, read once at the start and frozen. Keys and meanings: the table in `settings.ts`. */
export type Config = { readonly [K in keyof typeof settings]: Value<(typeof settings)[K]> }

/** A setting whose text does not fit; its message names the variable. The process ends with exit code 2. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads every setting from an environment; the default is the process's own, and this is the only place that reads it.
 *
 * @throws ConfigError naming the variable whose text does not fit.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const values = Object.entries(settings).map(([key, setting]: [string, Setting]) => [key, readSetting(setting, env)])
  return Object.freeze(Object.fromEntries(values)) as Config
}

function readSetting(setting: Setting, env: Readonly<Record<string, string | undefined>>) {
  const name = setting.env.find((candidate) => env[candidate] !== undefined)
  const value = (name && env[name]) ?? setting.fallback
  if (setting.kind === 'integer') {
    if (!/^\d{1,15}$/.test(value ?? '')) throw new ConfigError(`${name} must be a whole number, not "${value}"`)
    return Number(value)
  }
  if (setting.kind === 'flag') {
    if (!value) throw new ConfigError(`${name} must be true or false, not empty`)
    return /^[yt1]/i.test(value)
  }
  return value
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
