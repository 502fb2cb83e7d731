import { parseArgs } from 'node:util'
import type { Setting } from '../settings.ts'
import { ConfigError } from './config-error.ts'

/**
 * Reads command-line flags: `--workers 4`, `--workers=4`, a switch also bare. Gives texts by flag
 * name; of a repeated flag the last counts.
 *
 * @throws ConfigError for an unknown flag (with the nearest one), a missing value, or anything that is no flag.
 */
export function readFlags(table: readonly Setting[], argv: readonly string[]): Map<string, string> {
  const known = new Map(table.flatMap((setting) => (setting.flag ? [[setting.flag, setting] as const] : [])))
  const options = Object.fromEntries(
    [...known].map(([name, { kind }]) => [
      name,
      { type: kind === 'switch' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true })
  const values = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional') throw new ConfigError(`"${token.value}" is not understood; flags begin with --`)
    if (token.kind !== 'option') continue
    const { name } = token
    const setting = known.get(name)
    if (!setting) throw new ConfigError(unknownFlag(token.rawName, [...known.keys()]))
    if (setting.kind === 'switch') values.set(name, token.value ?? 'true')
    else if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))
      throw new ConfigError(`--${name} needs a value`)
    else values.set(name, token.value)
  }
  return values
}

function unknownFlag(name: string, known: readonly string[]): string {
  const bare = name.replace(/^-+/, '')
  const [nearest] = known
    .map((flag) => ({ flag, distance: editDistance(bare, flag) }))
    .filter(({ flag, distance }) => distance <= Math.max(2, flag.length / 3))
    .sort((a, b) => a.distance - b.distance)
  return `There is no flag ${name}${nearest ? `; did you mean --${nearest.flag}?` : ''}`
}

/** How many letters must be added, dropped or changed to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
