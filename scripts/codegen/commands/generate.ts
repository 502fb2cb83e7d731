import { parseArgs } from 'node:util'
import { compile } from '../generate.ts'
import { createGenerator, type Generator } from '../generator.ts'
import { loadSpec } from '../load.ts'
import { FOLDER_OPTIONS, foldersOf, shown } from '../project.ts'
import { complain, explain, say } from '../say.ts'
import { watchFolders } from '../watch-folders.ts'

export const GENERATE_HELP = `ibutsu-codegen generate [--watch] [--spec openapi] [--out generated]
  Writes generated/ and the tests' client from openapi/. --watch does it again on every save, until Ctrl-C.`

export async function runGenerate(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { ...FOLDER_OPTIONS, watch: { type: 'boolean', default: false } },
  })
  const folders = foldersOf(values)
  const generator = createGenerator(folders)
  if (values.watch) return watchSpec(generator, folders.spec)
  const { operations, files, changed, milliseconds } = await generator.write()
  say(`${operations} operations, ${changed.length} of ${files} files changed, ${(milliseconds / 1000).toFixed(2)} s`)
  return 0
}

export const CHECK_HELP = `ibutsu-codegen check [--spec openapi] [--out generated]
  Writes nothing. Exit code 1, with the list of files, when the committed code is not what the spec gives.`

export async function runCheck(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: FOLDER_OPTIONS })
  const folders = foldersOf(values)
  const { changed } = await createGenerator(folders).compare()
  if (changed.length === 0) {
    say(`${shown(folders.out)} is up to date`)
    return 0
  }
  complain(changed.map((name) => `${name}: not what ${shown(folders.spec)} makes now`).join('\n'))
  complain('run npm run generate')
  return 1
}

export const LINT_HELP = `ibutsu-codegen lint [--spec openapi]
  Only reads the spec, and says what is refused.`

export async function runLint(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { spec: FOLDER_OPTIONS.spec } })
  const { spec } = foldersOf(values)
  say(`${compile(loadSpec(spec, shown(spec))).operations.length} operations, nothing to refuse`)
  return 0
}

/** Generates on every save; a broken one is explained and waits for the next. Ends with the first signal. */
async function watchSpec(generator: Generator, spec: string): Promise<number> {
  await regenerate(generator)
  const watcher = watchFolders([spec], async () => {
    await regenerate(generator)
  })
  say(`watching ${shown(spec)} (Ctrl-C ends it)`)
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  watcher.close()
  return 0
}

/** Writes what changed and says so; says nothing when nothing did. Gives the files, or null for a refused spec. */
export async function regenerate(generator: Generator): Promise<readonly string[] | null> {
  try {
    const { changed, milliseconds } = await generator.write()
    if (changed.length > 0) say(`${changed.join(', ')} (${milliseconds.toFixed(0)} ms)`)
    return changed
  } catch (error) {
    complain(`${explain(error)}\n`)
    return null
  }
}
