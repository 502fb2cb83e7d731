import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Setting } from '../settings.ts'
import { ConfigError } from './config-error.ts'
import { readSettingsFile } from './settings-file.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A text and where it stands, as a message names it: `PORT`, `FLASK_PORT`, `PORT in settings.yaml`. */
export interface Given {
  readonly text: string
  readonly label: string
}

/** What is set, by name. Names are those of the environment. */
export type Sources = Map<string, Given>

const FLASK = 'FLASK_'
const SUPERADMIN = 'IBUTSU_SUPERADMIN_'

/**
 * What files and environment set, merged by name; later wins: default.settings.yaml, settings.yaml, the file of
 * APP_CONFIG, the environment, its `FLASK_NAME` variables (access.md 9). Where a setting has several names, the first
 * that any source sets counts, as in Ibutsu.
 *
 * @throws ConfigError for files that can't be read and names that are not known though they look like ours.
 */
export function readSources(
  table: readonly Setting[],
  { env, cwd, appConfig }: { env: Environment; cwd: string; appConfig: string | undefined },
): Sources {
  const sources: Sources = new Map()
  for (const name of ['default.settings.yaml', 'settings.yaml']) addFile(sources, name, cwd)
  const named = appConfig ?? flaskText(env[`${FLASK}APP_CONFIG`]) ?? env.APP_CONFIG
  if (named && !addFile(sources, named, cwd) && named !== 'config.py') {
    throw new ConfigError(`APP_CONFIG: there is no file ${named}`)
  }
  for (const [name, text] of Object.entries(env)) if (text !== undefined) sources.set(name, { text, label: name })
  for (const setting of table) {
    if (setting.secret) for (const name of setting.env) addSecretFile(sources, env, name, cwd)
  }
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(FLASK) || text === undefined) continue
    const value = flaskText(text)
    if (value === undefined) sources.delete(name.slice(FLASK.length))
    else sources.set(name.slice(FLASK.length), { text: value, label: name })
  }
  refuseUnknownSuperadmin(sources, table)
  return sources
}

/** Adds a file's settings; null in a file takes a value away. False when there is no such file. */
function addFile(sources: Sources, name: string, cwd: string): boolean {
  const values = readSettingsFile(resolve(cwd, name), name)
  if (!values) return false
  for (const [key, text] of values) {
    if (text === null) sources.delete(key)
    else sources.set(key, { text, label: `${key} in ${name}` })
  }
  return true
}

function addSecretFile(sources: Sources, env: Environment, name: string, cwd: string): void {
  const path = env[`${name}_FILE`]
  if (!path) return
  if (env[name]) throw new ConfigError(`Set ${name} or ${name}_FILE, not both`)
  try {
    const text = readFileSync(resolve(cwd, path), 'utf8').replace(/\r?\n$/, '')
    sources.set(name, { text, label: `${name}_FILE` })
  } catch (error) {
    throw new ConfigError(`${name}_FILE: cannot read ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** A `FLASK_` value: a JSON string is unwrapped, null is undefined, all else stays as it is written. */
function flaskText(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (value === null) return undefined
    return typeof value === 'string' ? value : text
  } catch {
    return text
  }
}

/** A mistyped superadmin setting would leave a server without one, so it stops the start (access.md 4). */
function refuseUnknownSuperadmin(sources: Sources, table: readonly Setting[]): void {
  const known = new Set(
    table.flatMap(({ env, secret }) => env.flatMap((name) => (secret ? [name, `${name}_FILE`] : [name]))),
  )
  for (const [name, { label }] of sources) {
    if (!name.startsWith(SUPERADMIN) || known.has(name)) continue
    const names = [...known].filter((candidate) => candidate.startsWith(SUPERADMIN) && !candidate.endsWith('_FILE'))
    throw new ConfigError(`${label} is no setting; those are ${names.join(', ')}`)
  }
}
