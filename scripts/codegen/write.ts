import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GeneratedFiles } from './generate.ts'

/** The names of files that are missing or differ, and, where the folder is all ours, of those that should not be there. */
export function compareGenerated(dir: string, files: GeneratedFiles, isOurs = true): string[] {
  const present = listFiles(dir)
  const stale = isOurs ? present.filter((name) => !files.has(name)) : []
  const changed = [...files].filter(([name, text]) => !present.includes(name) || readText(dir, name) !== text)
  return [...stale, ...changed.map(([name]) => name)].sort()
}

/** Writes the files that differ and removes those that are no longer made; returns their names. */
export function writeGenerated(dir: string, files: GeneratedFiles, isOurs = true): string[] {
  mkdirSync(dir, { recursive: true })
  const changed = compareGenerated(dir, files, isOurs)
  for (const name of changed) {
    const text = files.get(name)
    if (text === undefined) rmSync(join(dir, name))
    else writeFileSync(join(dir, name), text)
  }
  return changed
}

function listFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

function readText(dir: string, name: string): string {
  return readFileSync(join(dir, name), 'utf8')
}
