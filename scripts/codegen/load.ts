import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Problem } from './problem.ts'
import { refuse } from './problem.ts'

/** A place in a spec file: the keys and indexes that lead to a node. */
export interface Location {
  /** Relative to the spec's folder, with forward slashes. */
  readonly file: string
  readonly path: readonly (string | number)[]
}

export interface SpecFile {
  readonly name: string
  readonly value: unknown
  readonly document: Document
  readonly lines: LineCounter
}

/** All files of a spec, parsed, their positions kept. `prefix` stands before file names in messages. */
export interface Spec {
  readonly prefix: string
  readonly files: ReadonlyMap<string, SpecFile>
}

export const ROOT_FILE = 'openapi.yaml'

/**
 * Reads every YAML file below `dir`, in the order of their names.
 * Throws a SpecError for broken YAML or a missing openapi.yaml. `prefix` is what messages call the folder.
 */
export function loadSpec(dir: string, prefix = 'openapi'): Spec {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
  return parseSpec(new Map(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')])), prefix)
}

/** Parses the texts of a spec's files; what `loadSpec` does after reading, and what tests call with texts of their own. */
export function parseSpec(texts: ReadonlyMap<string, string>, prefix = 'openapi'): Spec {
  const files = new Map<string, SpecFile>()
  const problems: Problem[] = []
  for (const [name, text] of texts) {
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
    for (const error of document.errors) {
      const { line, col } = lines.linePos(error.pos[0])
      problems.push({ file: `${prefix}/${name}`, line, column: col, message: error.message })
    }
    if (document.errors.length === 0) files.set(name, { name, value: document.toJS(), document, lines })
  }
  if (!texts.has(ROOT_FILE))
    problems.push({ file: `${prefix}/${ROOT_FILE}`, line: 1, column: 1, message: 'no such file' })
  refuse(problems)
  return { prefix, files }
}

/** Makes a problem at a location: at the key of a member, at the item of a list, at the top of a whole file. */
export function problemAt(spec: Spec, location: Location, message: string): Problem {
  const position = positionOf(spec.files.get(location.file), location.path)
  return { file: `${spec.prefix}/${location.file}`, ...position, message }
}

function positionOf(file: SpecFile | undefined, path: readonly (string | number)[]): { line: number; column: number } {
  let node: Node | null | undefined = file?.document.contents
  let offset = 0
  for (const step of path) {
    const next: { node: Node | null; offset: number } | null = file ? childOf(file.document, node, step) : null
    if (!next) break
    node = next.node
    offset = next.offset
  }
  const position = file?.lines.linePos(offset)
  return position && position.line > 0 ? { line: position.line, column: position.col } : { line: 1, column: 1 }
}

function childOf(document: Document, parent: Node | null | undefined, step: string | number) {
  const node = isAlias(parent) ? parent.resolve(document) : parent
  if (isMap(node)) {
    for (const pair of node.items) {
      if (!isScalar(pair.key) || String(pair.key.value) !== String(step)) continue
      return { node: (pair.value ?? null) as Node | null, offset: pair.key.range?.[0] ?? 0 }
    }
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined
    if (item) return { node: item, offset: item.range?.[0] ?? 0 }
  }
  return null
}
