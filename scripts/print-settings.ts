/**
 * `npm run docs`: writes the settings table of src/settings.ts into README.md, between its two markers.
 * With --check it only says whether the README is up to date; a unit test does the same.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { settingGroups } from '../src/settings/help.ts'
import type { Setting } from '../src/settings.ts'

const BEGIN = '<!-- settings: written by npm run docs -->'
const END = '<!-- /settings -->'
const README = new URL('../README.md', import.meta.url)

/** The settings as Markdown, a table for each section, in the order of src/settings.ts. */
export function settingsTable(): string {
  const sections = [...settingGroups()].map(([group, members]) => {
    const head = ['| Variable | Flag | Default | Meaning |', '|---|---|---|---|']
    return [`### ${group}`, '', ...head, ...members.map(row)].join('\n')
  })
  return sections.join('\n\n')
}

function row({ env, flag, fallback, about, secret }: Setting): string {
  const cells = [
    env.map((name) => `\`${name}\``).join(', '),
    flag ? `\`--${flag}\`` : '',
    fallback === undefined ? '' : `\`${fallback}\``,
    `${about}${secret ? ' (secret)' : ''}`,
  ]
  return `| ${cells.join(' | ')} |`
}

/** A README with the table of today between its markers; throws when it has none. */
export function withSettings(readme: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`README.md lacks the markers ${BEGIN} and ${END}`)
  return `${readme.slice(0, begin)}${BEGIN}\n\n${settingsTable()}\n\n${readme.slice(end)}`
}

if (import.meta.main) {
  const readme = readFileSync(README, 'utf8')
  const current = withSettings(readme)
  if (process.argv.includes('--check')) {
    if (current !== readme) process.stderr.write('README.md: not the settings of src/settings.ts; run npm run docs\n')
    process.exitCode = current === readme ? 0 : 1
  } else if (current !== readme) writeFileSync(README, current)
}
