import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { compile, emit, type GeneratedFiles } from '../../../scripts/codegen/generate.ts'
import { loadSpec, parseSpec } from '../../../scripts/codegen/load.ts'
import { printProblem, SpecError } from '../../../scripts/codegen/problem.ts'

export const ROOT = resolve(import.meta.dirname, '../../..')
export const TRICKY = join(ROOT, 'test/fixtures/golden/tricky')

export const ODD = join(ROOT, 'test/fixtures/golden/odd')

/** A fixture spec, compiled and printed; the tricky one unless told. */
export function generateFixture(folder = TRICKY): Promise<GeneratedFiles> {
  return emit(compile(loadSpec(join(folder, 'openapi'))))
}

/** What the compiler refuses in a spec of one path file, as printed problems; none when it passes. */
export function problemsOf(texts: Readonly<Record<string, string>>): string[] {
  try {
    compile(parseSpec(new Map(Object.entries(texts))))
    return []
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(printProblem)
    throw error
  }
}

/**
 * Type-checks files that exist in memory only, in a folder beside src/, with the project's own settings.
 * Returns the messages of all errors in them, each with its file's name.
 */
export function typeCheck(files: GeneratedFiles): string[] {
  const folder = join(ROOT, '.golden')
  const texts = new Map([...files].map(([name, text]) => [join(folder, name), text]))
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, 'tsconfig.json'), readText).config,
    ts.sys,
    ROOT,
  )
  const host = ts.createCompilerHost(config.options)
  const { readFile, fileExists } = host
  host.readFile = (name) => texts.get(name) ?? readFile(name)
  host.fileExists = (name) => texts.has(name) || fileExists(name)
  host.directoryExists = (name) => name === folder || ts.sys.directoryExists(name)
  const sourceNames = [...texts.keys()].filter((name) => name.endsWith('.ts'))
  const program = ts.createProgram(sourceNames, config.options, host)
  return sourceNames.flatMap((name) => {
    const source = program.getSourceFile(name)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found.map(
      (one) => `${name.slice(folder.length + 1)}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`,
    )
  })
}

function readText(name: string): string {
  return readFileSync(name, 'utf8')
}
