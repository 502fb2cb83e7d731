import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { ConfigError } from './config-error.ts'

const require = createRequire(import.meta.url)

/**
 * Reads a settings file, YAML or JSON: its upper-case names and their texts (null: taken away). Undefined when there is
 * no such file. `label` names the file in messages.
 *
 * @throws ConfigError when it can't be read or holds no mapping.
 */
export function readSettingsFile(path: string, label: string): Map<string, string | null> | undefined {
  const text = readText(path, label)
  if (text === undefined) return undefined
  // Loaded here, since most processes have no such file and need no parser in memory.
  const { isMap, isScalar, parseDocument } = require('yaml') as typeof Yaml
  const document = parseDocument(text, { uniqueKeys: false })
  const [error] = document.errors
  if (error) throw new ConfigError(`${label}: ${error.message.split('\n', 1)[0]?.replace(/:$/, '')}`)
  const values = new Map<string, string | null>()
  if (document.contents === null) return values
  if (!isMap(document.contents)) throw new ConfigError(`${label} must hold names and values, as YAML or JSON`)
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : ''
    if (!/^[A-Z][A-Z\d_]*$/.test(name)) continue
    if (value === null) values.set(name, null)
    else if (!isScalar(value)) values.set(name, JSON.stringify((value as Yaml.Node).toJS(document)))
    else if (value.value === null) values.set(name, null)
    // The text as written: a password of digits keeps its zeros.
    else values.set(name, typeof value.value === 'string' ? value.value : (value.source ?? String(value.value)))
  }
  addStatementTimeout(values)
  return values
}

function readText(path: string, label: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new ConfigError(`${label}: cannot be read (${code})`)
  }
}

/** The statement timeout stands in milliseconds among SQLALCHEMY_ENGINE_OPTIONS (access.md 9). */
function addStatementTimeout(values: Map<string, string | null>): void {
  const options = values.get('SQLALCHEMY_ENGINE_OPTIONS')
  if (!options || values.has('STATEMENT_TIMEOUT')) return
  const [, digits, unit] = /statement_timeout\s*=\s*'?(\d+)(ms|s|min)?/.exec(options) ?? []
  if (!digits) return
  const milliseconds = Number(digits) * (unit === 's' ? 1000 : unit === 'min' ? 60_000 : 1)
  values.set('STATEMENT_TIMEOUT', String(Math.ceil(milliseconds / 1000)))
}
