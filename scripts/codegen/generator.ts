import { compile, emitAll, type Memo } from './generate.ts'
import { loadSpec, type SpecFiles } from './load.ts'
import { type Folders, shown } from './project.ts'
import { compareGenerated, writeGenerated } from './write.ts'

/** What a run found: how many operations there are, and the files that differ or were written, as people call them. */
export interface Outcome {
  readonly operations: number
  readonly files: number
  readonly changed: readonly string[]
  readonly milliseconds: number
}

/**
 * The generator of some folders. It stays warm: files that are the same are not parsed again, slow emitters run only when
 * what they read has changed.
 */
export interface Generator {
  /** Writes what differs. Throws a SpecError for a spec that is refused. */
  write(): Promise<Outcome>
  /** Writes nothing. Throws a SpecError for a spec that is refused. */
  compare(): Promise<Outcome>
}

export function createGenerator(folders: Folders): Generator {
  const known: SpecFiles = new Map()
  const memo: Memo = new Map()

  async function run(act: typeof writeGenerated): Promise<Outcome> {
    const began = performance.now()
    const ir = compile(loadSpec(folders.spec, shown(folders.spec), known))
    const files = await emitAll(ir, memo)
    const changed = act(folders.out, files).map((name) => `${shown(folders.out)}/${name}`)
    return { operations: ir.operations.length, files: files.size, changed, milliseconds: performance.now() - began }
  }

  return { write: () => run(writeGenerated), compare: () => run(compareGenerated) }
}
