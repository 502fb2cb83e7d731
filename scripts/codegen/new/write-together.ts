import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes all files or none: what cannot be written takes back what was. Paths are from `root`. */
export function writeTogether(root: string, files: ReadonlyMap<string, string>): void {
  const undo: (() => void)[] = []
  try {
    for (const [name, text] of files) {
      const path = join(root, name)
      const before = existsSync(path) ? readFileSync(path) : null
      const folder = firstMissing(dirname(path))
      undo.push(() => {
        if (before) writeFileSync(path, before)
        else rmSync(folder ?? path, { recursive: true, force: true })
      })
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  } catch (error) {
    for (const step of undo.reverse()) step()
    throw error
  }
}

/** The topmost folder of a path that is not there yet. */
function firstMissing(folder: string): string | undefined {
  if (existsSync(folder)) return undefined
  return firstMissing(dirname(folder)) ?? folder
}
