/**
 * `npm run docs`: writes the settings table of src/settings.ts into README.md, between its two markers.
 * With --check it only says whether the README is up to date; a unit test does the same.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Setting, settings } from '../src/settings.ts'

const BEGIN = '<!-- settings: written by npm run docs -->'
const END = '<!-- /settings -->'
const README = new URL('../README.md', import.meta.url)

/** The settings as a Markdown table, in the order of src/settings.ts. */
export function settingsTable(): string {
  const rows = Object.values<Setting>(settings).map(({ env, fallback, about, secret }) => {
    const names = env.map((name) => `\`${name}\``).join(', ')
    return `| ${names} | ${fallback === undefined ? '' : `\`${fallback}\``} | ${about}${secret ? ' (secret)' : ''} |`
  })
  return ['| Variable | Default | Meaning |', '|---|---|---|', ...rows].join('\n')
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
