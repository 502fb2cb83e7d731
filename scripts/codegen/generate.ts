import { bundle } from './bundle.ts'
import { emitClient } from './emit-client.ts'
import { emitDocument } from './emit-document.ts'
import { emitHandlers } from './emit-handlers.ts'
import { emitOperations } from './emit-operations.ts'
import { emitSerializers } from './emit-serializers.ts'
import { emitTypes, toClientTypes, typedDocument } from './emit-types.ts'
import { collectSchemas, emitValidators, emitValidatorTypes } from './emit-validators.ts'
import { lintSpec } from './lint.ts'
import type { Spec } from './load.ts'
import { type Ir, toOperations } from './operations.ts'
import { refuse } from './problem.ts'

/** The text of every generated file by its name. */
export type GeneratedFiles = ReadonlyMap<string, string>

/** What the slow emitters made last and what of: a watcher keeps it, and only pays for what changed. */
export type Memo = Map<string, { readonly input: string; readonly output: string }>

/** bundle → lint → operations: everything that can refuse a spec. Throws a SpecError with all problems. */
export function compile(spec: Spec): Ir {
  const bundled = bundle(spec)
  refuse(lintSpec(bundled))
  return toOperations(bundled)
}

/** Prints the files of the server; the same spec gives the same bytes. */
export async function emit(ir: Ir, memo: Memo = new Map()): Promise<GeneratedFiles> {
  const schemas = collectSchemas(ir)
  return new Map([
    ['handlers.ts', emitHandlers(ir)],
    ['openapi.json', emitDocument(ir)],
    ['operations.ts', emitOperations(ir)],
    ['serializers.ts', emitSerializers(ir)],
    ['types.ts', await recall(memo, 'types', typedDocument(ir), emitTypes)],
    ['validators.d.ts', emitValidatorTypes()],
    ['validators.js', await recall(memo, 'validators', schemas.text, async () => emitValidators(ir, schemas))],
  ])
}

/** What the project keeps in generated/: the files of the server, and those of the client in a folder of their own. */
export async function emitAll(ir: Ir, memo?: Memo): Promise<GeneratedFiles> {
  const files = await emit(ir, memo)
  return new Map([
    ...files,
    ...[...emitClientFiles(ir, files)].map(([name, text]) => [`client/${name}`, text] as const),
  ])
}

/** The files of a typed client, made of the generated ones. */
export function emitClientFiles(ir: Ir, files: GeneratedFiles): GeneratedFiles {
  return new Map([
    ['client.ts', emitClient(ir)],
    ['types.ts', toClientTypes(files.get('types.ts') ?? '')],
  ])
}

async function recall(
  memo: Memo,
  name: string,
  input: string,
  make: (input: string) => Promise<string>,
): Promise<string> {
  const known = memo.get(name)
  if (known?.input === input) return known.output
  const output = await make(input)
  memo.set(name, { input, output })
  return output
}
