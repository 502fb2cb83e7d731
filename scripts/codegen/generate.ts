import { bundle } from './bundle.ts'
import { emitDocument } from './emit-document.ts'
import { emitHandlers } from './emit-handlers.ts'
import { emitOperations } from './emit-operations.ts'
import { emitSerializers } from './emit-serializers.ts'
import { emitTypes } from './emit-types.ts'
import { emitValidators, emitValidatorTypes } from './emit-validators.ts'
import { lintSpec } from './lint.ts'
import type { Spec } from './load.ts'
import { type Ir, toOperations } from './operations.ts'
import { refuse } from './problem.ts'

/** The text of every generated file by its name. */
export type GeneratedFiles = ReadonlyMap<string, string>

/** bundle → lint → operations: everything that can refuse a spec. Throws a SpecError with all problems. */
export function compile(spec: Spec): Ir {
  const bundled = bundle(spec)
  refuse(lintSpec(bundled))
  return toOperations(bundled)
}

/** Prints every generated file; the same spec gives the same bytes. */
export async function emit(ir: Ir): Promise<GeneratedFiles> {
  return new Map([
    ['handlers.ts', emitHandlers(ir)],
    ['openapi.json', emitDocument(ir)],
    ['operations.ts', emitOperations(ir)],
    ['serializers.ts', emitSerializers(ir)],
    ['types.ts', await emitTypes(ir)],
    ['validators.d.ts', emitValidatorTypes()],
    ['validators.js', emitValidators(ir)],
  ])
}
