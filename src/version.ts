import { readFileSync } from 'node:fs'

/** The version of the program, from package.json. */
export function programVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}
