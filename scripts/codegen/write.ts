import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { GeneratedFiles } from './generate.ts'

/** The names of files that are missing or differ, and, where the folder is all ours, of those that should not be there. */
export function compareGenerated(dir: string, files: GeneratedFiles, isOurs = true): string[] {
  const stale = isOurs ? listFiles(dir).filter((name) => !files.has(name)) : []
  const changed = [...files].filter(([name, text]) => readText(dir, name) !== text)
  return [...stale, ...changed.map(([name]) => name)].sort()
}

/** Writes the files that differ and removes those that are no longer made; returns their names. */
export function writeGenerated(dir: string, files: GeneratedFiles, isOurs = true): string[] {
  const changed = compareGenerated(dir, files, isOurs)
  for (const name of changed) {
    const text = files.get(name)
    const path = join(dir, name)
    if (text === undefined) rmSync(path)
    else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  }
  return changed
}

function listFiles(dir: string): string[] {
  if (!existsSync(dir)) return []
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map(({ parentPath, name }) => relative(dir, join(parentPath, name)))
}

function readText(dir: string, name: string): string | undefined {
  const path = join(dir, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
