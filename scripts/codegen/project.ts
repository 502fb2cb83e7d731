import { relative, resolve } from 'node:path'
import type { ParseArgsConfig } from 'node:util'

/** The checkout that this program is part of. */
export const ROOT = resolve(import.meta.dirname, '../..')

/** Where the spec is read and the code is written. */
export interface Folders {
  readonly spec: string
  readonly out: string
}

export const FOLDER_OPTIONS = {
  spec: { type: 'string' },
  out: { type: 'string' },
} as const satisfies ParseArgsConfig['options']

/** The folders of the project, or those that were asked for. */
export function foldersOf(asked: { readonly spec?: string; readonly out?: string }): Folders {
  return {
    spec: resolve(asked.spec ?? resolve(ROOT, 'openapi')),
    out: resolve(asked.out ?? resolve(ROOT, 'generated')),
  }
}

/** A folder as people call it: from where they stand, unless that leads far away. */
export function shown(path: string): string {
  const way = relative(process.cwd(), path)
  return way.startsWith('../..') ? path : way || '.'
}
