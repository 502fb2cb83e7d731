import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { compile, emit, emitClientFiles } from '../generate.ts'
import { loadSpec } from '../load.ts'
import { FOLDER_OPTIONS, foldersOf, shown } from '../project.ts'
import { say, UsageError } from '../say.ts'
import { writeGenerated } from '../write.ts'

export const CLIENT_HELP = `ibutsu-codegen client <folder> [--spec openapi]
  Writes client.ts and types.ts: a typed client of every operation. It needs the package openapi-fetch.`

export async function runClient(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { spec: FOLDER_OPTIONS.spec },
    allowPositionals: true,
  })
  const [folder] = positionals
  if (!folder || positionals.length > 1) throw new UsageError('Name one folder.')
  const { spec } = foldersOf(values)
  const ir = compile(loadSpec(spec, shown(spec)))
  const changed = writeGenerated(resolve(folder), emitClientFiles(ir, await emit(ir)), false)
  say(
    changed.length === 0
      ? 'nothing has changed'
      : changed.map((name) => `${shown(resolve(folder))}/${name}`).join('\n'),
  )
  return 0
}
