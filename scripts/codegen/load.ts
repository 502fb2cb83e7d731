import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { type Complaint, codeFrame, type Problem, refuse } from './problem.ts'

/** A place in a spec file: the keys and indexes that lead to a node. */
export interface Location {
  /** Relative to the spec's folder, with forward slashes. */
  readonly file: string
  readonly path: readonly (string | number)[]
}

export interface SpecFile {
  readonly name: string
  readonly text: string
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

/** The texts of a spec's files by their names, and where they come from: what `parseSpec` reads. */
export type SpecTexts = ReadonlyMap<string, string>

/**
 * Reads every YAML file below `dir`, in the order of their names.
 * Throws a SpecError for broken YAML or a missing openapi.yaml. `prefix` is what messages call the folder.
 */
export function loadSpec(dir: string, prefix = 'openapi', known?: SpecFiles): Spec {
  return parseSpec(readTexts(dir), prefix, known)
}

/** The texts of every YAML file below `dir`. */
export function readTexts(dir: string): SpecTexts {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
  return new Map(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')]))
}

/** Files parsed before: those whose text is still the same are not parsed again. */
export type SpecFiles = Map<string, SpecFile>

/**
 * Parses the texts of a spec's files; what `loadSpec` does after reading, and what tests call with texts of their own.
 * `known` is read and brought up to date.
 */
export function parseSpec(texts: SpecTexts, prefix = 'openapi', known: SpecFiles = new Map()): Spec {
  const files = new Map<string, SpecFile>()
  const problems: Problem[] = []
  for (const [name, text] of texts) {
    const before = known.get(name)
    const parsed = before?.text === text ? before : parseFile(name, text, prefix)
    if (Array.isArray(parsed)) problems.push(...parsed)
    else files.set(name, parsed)
  }
  if (!texts.has(ROOT_FILE))
    problems.push({ file: `${prefix}/${ROOT_FILE}`, line: 1, column: 1, message: 'no such file' })
  refuse(problems)
  known.clear()
  for (const [name, file] of files) known.set(name, file)
  return { prefix, files }
}

function parseFile(name: string, text: string, prefix: string): SpecFile | Problem[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const problem = (offset: number, message: string, hint: string | undefined): Problem => {
    const { line, col } = lines.linePos(offset)
    const frame = codeFrame(text, line, col)
    return { file: `${prefix}/${name}`, line, column: col, message, frame, ...(hint ? { hint } : {}) }
  }
  const found = document.errors.map((error) => problem(error.pos[0], error.message, YAML_HINTS[error.code]))
  if (found.length > 0) return found
  try {
    return { name, text, value: document.toJS(), document, lines }
  } catch (error) {
    // An alias without its anchor is found only here.
    return [problem(0, error instanceof Error ? error.message : String(error), 'every *alias needs its &anchor above')]
  }
}

const YAML_HINTS: Readonly<Partial<Record<string, string>>> = {
  BAD_INDENT: 'lines of one list or mapping start in the same column',
  MISSING_CHAR: 'close what was opened: a bracket, a brace or a quote; a text with ": " or " #" in it needs quotes',
  TAB_AS_INDENT: 'indent with blanks, not with tabs',
  DUPLICATE_KEY: 'a mapping has each key once',
  BAD_SCALAR_START: 'a text that starts with this character needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a text with ": " in it needs quotes, or a line is indented too little',
  UNEXPECTED_TOKEN: 'look at the brackets and the indentation here and in the line above',
}

/** Makes a problem at a location: at the key of a member, at the item of a list, at the top of a whole file. */
export function problemAt(spec: Spec, location: Location, complaint: Complaint): Problem {
  const file = spec.files.get(location.file)
  const position = positionOf(file, location.path)
  const said = typeof complaint === 'string' ? { message: complaint } : complaint
  const frame = file && { frame: codeFrame(file.text, position.line, position.column) }
  return { file: `${spec.prefix}/${location.file}`, ...position, ...said, ...frame }
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
