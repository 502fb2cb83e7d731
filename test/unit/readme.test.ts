import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { settingsTable, withSettings } from '../../scripts/print-settings.ts'
import { settings } from '../../src/settings.ts'

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')

it('README.md lists the settings as src/settings.ts has them', () => {
  expect(readme).toBe(withSettings(readme))
})

it('names every variable', () => {
  const table = settingsTable()
  for (const { env } of Object.values(settings)) for (const name of env) expect(table).toContain(`\`${name}\``)
})

it('refuses a README without the markers', () => {
  expect(() => withSettings('# A readme')).toThrow('lacks the markers')
})

it('names only npm scripts that exist', async () => {
  const { scripts } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  const contributing = await readFile(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8')
  const named = [...`${readme}${contributing}`.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name)
  expect(named.filter((name) => name && !(name in scripts))).toEqual([])
})
