import { parseUuid } from '../../ids/uuid.ts'
import { ImportRefused } from '../import-refused.ts'

/** What a file of an archive is, by its name (imports.md 3.1, D10). */
export type EntryPlace =
  | { readonly kind: 'run'; readonly runFolder: string }
  | { readonly kind: 'run-file'; readonly runFolder: string; readonly path: string }
  | { readonly kind: 'result'; readonly runFolder: string; readonly folder: string; readonly id: string | null }
  | { readonly kind: 'result-file'; readonly runFolder: string; readonly folder: string; readonly path: string }

/**
 * A name in its plain form: no `./`, no doubled slashes.
 *
 * @throws ImportRefused for names that lead out of the archive, absolute and over-long ones.
 */
export function plainName(name: string, maxLength: number): string {
  if (name.length > maxLength) {
    throw new ImportRefused(`A name in the archive is longer than the limit of ${maxLength} characters.`)
  }
  if (name.startsWith('/')) throw new ImportRefused(`The archive holds the absolute name ${shown(name)}.`)
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw new ImportRefused(`The archive holds a name that leads out of it: ${shown(name)}.`)
  return parts.join('/')
}

/**
 * Where a link points, as a plain name: a symbolic one from its own folder, a hard one from the archive's root.
 *
 * @throws ImportRefused when that is outside.
 */
export function linkTarget(name: string, target: string, symbolic: boolean): string {
  const outside = () => new ImportRefused(`The link ${shown(name)} points out of the archive.`)
  if (target.startsWith('/')) throw outside()
  const parts = symbolic ? name.split('/').slice(0, -1) : []
  for (const part of target.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) throw outside()
    } else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** Files that macOS puts beside every other one. */
export function isDebris(name: string): boolean {
  return /(^|\/)(\._[^/]*|\.DS_Store)$/.test(name)
}

/** @throws ImportRefused for files outside a run's folder. */
export function placeOf(name: string): EntryPlace {
  const [top = '', second = '', ...deeper] = name.split('/')
  const runFolder = parseUuid(top)
  if (!runFolder || second === '') {
    throw new ImportRefused(`The file ${shown(name)} is in no folder that is named by a run's id.`)
  }
  if (deeper.length === 0) {
    return second.endsWith('run.json') ? { kind: 'run', runFolder } : { kind: 'run-file', runFolder, path: second }
  }
  const id = parseUuid(second)
  const folder = `${runFolder}/${id ?? second}`
  const path = deeper.join('/')
  if (deeper.length === 1 && path.endsWith('result.json')) return { kind: 'result', runFolder, folder, id }
  return { kind: 'result-file', runFolder, folder, path }
}

export function shown(name: string): string {
  return name.slice(0, 200)
}
