import { type Setting, settings } from '../settings.ts'

/** The settings by section, in the order of the table. */
export function settingGroups(): ReadonlyMap<string, readonly Setting[]> {
  return Map.groupBy(Object.values<Setting>(settings), ({ group }) => group ?? '')
}

/** The help of the commands that read settings: every flag with its variable and default, then the other variables. */
export function settingsHelp(): string {
  const lines: string[] = []
  for (const [group, members] of settingGroups()) {
    const flagged = members.filter((setting) => setting.flag)
    if (flagged.length === 0) continue
    lines.push('', `${group}:`)
    for (const { flag, kind, env, about, fallback } of flagged) {
      const usage = kind === 'switch' ? `--${flag}` : `--${flag} <${kind.includes(',') ? 'word' : kind}>`
      lines.push(
        `  ${usage}`,
        `      ${about.replaceAll('`', '')} [${env.join(', ')}${fallback ? `; ${fallback}` : ''}]`,
      )
    }
  }
  const others = Object.values<Setting>(settings).filter((setting) => !setting.flag)
  const names = others.map(({ env, secret }) => `${env[0]}${secret ? '[_FILE]' : ''}`)
  return `${lines.join('\n').trimStart()}\n\nVariables without a flag:\n${wrap(names)}\n`
}

/** Words in lines of at most 100 letters. */
function wrap(words: readonly string[]): string {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.pop()
    const longer = last === undefined ? `  ${word}` : `${last}, ${word}`
    if (last !== undefined && longer.length > 100) lines.push(`${last},`, `  ${word}`)
    else lines.push(longer)
  }
  return lines.join('\n')
}
